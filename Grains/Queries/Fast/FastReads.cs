using Kataven.Grains.Connections;
using Kataven.Grains.Observability;
using Kataven.Grains.Tenants;
using Kataven.Observability;
using Kataven.Queries;

namespace Kataven.Grains.Queries.Fast;

/// <summary>
/// ⑤ The reads of one account that share the fast lane: which may, by what is known of their texts and of the account's code, and
/// when that is not known any more. Thread-safe.
/// </summary>
/// <remarks>
/// All statements of an account come through here, since it has one owner. So before one runs that may define something, the fast
/// lane is emptied and shut, and it stays so until the catalog was read again.
/// </remarks>
internal sealed partial class FastReads(TenantPool pool, bool isEnabled, TimeProvider time)
{
    /// <summary>A statement is quick that takes no longer than this, with its answer.</summary>
    public static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(10);

    /// <summary>A text whose first answer was longer does not come to the fast lane: it would hold up the others of its group.</summary>
    public const int ShortAnswer = 64 * 1024;

    /// <summary>Somebody may have changed the database from outside: then its code is read again.</summary>
    private static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ReadWithin = TimeSpan.FromSeconds(5);

    private const int MostMisses = 50;

    private readonly Lock _lock = new();
    private readonly FastTexts _texts = new();
    private readonly FastDemand _demand = new(FastDemand.LooksAfter, time);
    private AccountCode? _code;
    private long _readAt;
    private int _running;
    private int _defining;
    private bool _reading;
    private long _changes;
    private int _misses;

    /// <summary>The answer, or null where a lane of its own is needed: what the fast lane took on has then not happened.</summary>
    public async ValueTask<Answer?> TryAnswerAsync(Statement statement, QueryOptions options, CancellationToken caller)
    {
        var limits = pool.Limits;
        if (Fitting(statement, options, limits) is not { } text)
        {
            return null;
        }

        var read = new FastRead(statement, options, limits.MaxResultBytes);
        byte[]? answer;
        FastPause.Began();
        try
        {
            if (!pool.Fast.TryTake(read))
            {
                return null;
            }

            using var span = RequestPath.Run(pool.Account);
            answer = await read.Answer.WaitAsync(caller).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return Answer.Refused(LaneRefusals.CallerGone);
        }
        finally
        {
            FastPause.Ended();
        }

        if (read.WasUnfit)
        {
            text.Shut(time);
        }

        if (answer is null)
        {
            FastLaneMetrics.FellBack();
            return null;
        }

        text.Answered();
        pool.Wrote(answer.Length);
        return Answer.Done(answer);
    }

    /// <summary>What is known of a statement's text, where the fast lane is for it.</summary>
    private FastText? Fitting(Statement statement, QueryOptions options, TenantLimits limits)
    {
        if (!isEnabled || limits.MaxLanes < LaneChoice.FewestLanes || Code() is not { } code || _texts.FindOrJudge(statement.Sql, code) is not { } text)
        {
            return null;
        }

        var kind = LaneChoice.Of(
            options.ReadOnly, text.Fits(statement), text.IsQuick, text.IsShut(time), TenantQueries.TimeLimit(limits, options), limits.MaxLanes);
        return kind == LaneKind.Fast ? text : null;
    }

    /// <summary>Before a lane of its own runs these: what they may define, the fast lane must not meet. Each is followed by <see cref="Ended"/>.</summary>
    /// <returns>Whether they may define something.</returns>
    public ValueTask<bool> BeginAsync(IEnumerable<Statement> statements) =>
        BeginAsync(code => statements.Any(statement => (code ?? AccountCode.Unknown).MayBeChangedBy(statement.Sql)));

    /// <summary>Whether a statement of a transaction that goes on may have defined something, which is there for nobody until its commit.</summary>
    public bool MayDefine(Statement statement)
    {
        lock (_lock)
        {
            return (_code ?? AccountCode.Unknown).MayBeChangedBy(statement.Sql);
        }
    }

    /// <summary>
    /// A transaction has defined something and goes on: what is known holds until its commit, and the catalog is not read before its
    /// end, since that would wait for its locks, on a lane. It is followed by <see cref="DefinitionEnded"/>.
    /// </summary>
    public void DefinitionBegan()
    {
        lock (_lock)
        {
            _defining++;
        }
    }

    public void DefinitionEnded()
    {
        lock (_lock)
        {
            _defining--;
        }
    }

    /// <summary>
    /// Before the commit of a transaction whose statements ran while others did: as <see cref="BeginAsync(IEnumerable{Statement})"/>. Of
    /// those that ran before the account's code was known, or was what it is, nobody knows what they defined by it.
    /// </summary>
    public ValueTask<bool> BeginCommitAsync(bool mayDefine, bool readOnly) =>
        BeginAsync(code => !readOnly && (mayDefine || code is null or { MayDefine: true }));

    private async ValueTask<bool> BeginAsync(Func<AccountCode?, bool> define)
    {
        if (!isEnabled)
        {
            return false;
        }

        bool mayDefine;
        lock (_lock)
        {
            _running++;
            mayDefine = define(_code);
            if (mayDefine)
            {
                _defining++;
                Forget_NeedsLock();
            }
        }

        if (mayDefine)
        {
            await pool.Fast.ReplaceAsync().ConfigureAwait(false);
        }

        return mayDefine;
    }

    public void Ended(bool mayDefine)
    {
        if (!isEnabled)
        {
            return;
        }

        lock (_lock)
        {
            _running--;
            if (mayDefine)
            {
                _defining--;
                Forget_NeedsLock();
            }
        }
    }

    /// <summary>A lane of its own has run it, and it took so long.</summary>
    public void Ran(string sql, TimeSpan took, int bytes)
    {
        if (isEnabled && _texts.Find(sql) is { } text)
        {
            text.Ran(took <= Quick, bytes <= ShortAnswer);
        }
    }
}
