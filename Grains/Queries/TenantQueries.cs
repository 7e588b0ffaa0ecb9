using System.Buffers;
using System.Text;
using Kataven.Errors;
using Kataven.Grains.Connections;
using Kataven.Grains.Idempotency;
using Kataven.Grains.Observability;
using Kataven.Grains.Queries.Fast;
using Kataven.Grains.Queries.Text;
using Kataven.Grains.Tenants;
using Kataven.Observability;
using Kataven.Queries;
using Npgsql;

namespace Kataven.Grains.Queries;

/// <summary>
/// What an account's requests do between being let in and being answered: rent a lane ⑤, run ⑥, give it back. What takes
/// longer than a moment is not on the grain's scheduler: all turns of a grain share one core.
/// </summary>
internal sealed partial class TenantQueries(TenantPool pool, FastReads fast, IdempotentWrites once, TimeProvider time)
{
    private readonly StatementRunner _runner = new(new TypeCatalog(), pool.LongAnswers);

    public async Task<Answer> QueryAsync(QueryRequest request, CancellationToken caller)
    {
        if (StatementCheck.RefuseTransactionControl(request) is { } refusal)
        {
            return Answer.Refused(refusal);
        }

        var bytes = RequestSize.Of(request.Statement);
        var admission = await pool.EnterAsync(request.AccountVersion, bytes, request.IsCounted, caller).ConfigureAwait(false);
        if (!admission.IsAdmitted)
        {
            return NotAdmitted(admission);
        }

        try
        {
            if (IdempotentWrites.KeyOf(request.Options) is { } key)
            {
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                return await AnswerOnceAsync(
                    new KeyedRequest(key, RequestHash.Of(request)),
                    "BEGIN",
                    [request.Statement],
                    request.Options,
                    (lane, output, work) => _runner.RunAsync(lane, request.Statement, null, output, request.Options, work.MaxBytes, work.Clock),
                    caller).ConfigureAwait(false);
            }

            if (request.MayHaveRun)
            {
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                return await AnswerIfItReadsAsync(request, caller).ConfigureAwait(false);
            }

            // On the grain's scheduler still: to join a group, or to send a lone read, takes less than the hop away from there.
            if (await fast.TryAnswerAsync(request.Statement, request.Options, caller).ConfigureAwait(false) is { } answer)
            {
                return answer;
            }

            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            answer = await AnswerAsync([request.Statement], request.Options, (lane, output, work) => RunAsync(lane, request, output, work), caller).ConfigureAwait(false);
            // What could be neither cancelled nor ended.
            return SqlFailure.IsUnansweredTimeout(answer.Refusal) && await fast.CanOnlyHaveReadAsync(request.Statement, caller).ConfigureAwait(false)
                ? Answer.Refused(SqlFailure.TimedOut(TimeLimit(pool.Limits, request.Options)))
                : answer;
        }
        finally
        {
            pool.Leave(bytes);
        }
    }

    public async Task<Answer> TransactionAsync(TransactionRequest request, CancellationToken caller)
    {
        if (StatementCheck.RefuseTransactionControl(request.Statements) is { } refusal)
        {
            return Answer.Refused(refusal);
        }

        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var bytes = request.Statements.Sum(RequestSize.Of);
        var admission = await pool.EnterAsync(request.AccountVersion, bytes, request.IsCounted, caller).ConfigureAwait(false);
        if (!admission.IsAdmitted)
        {
            return NotAdmitted(admission);
        }

        try
        {
            if (IdempotentWrites.KeyOf(request.Options) is { } key)
            {
                return await AnswerOnceAsync(
                    new KeyedRequest(key, RequestHash.Of(request)),
                    BeginOf(request),
                    request.Statements,
                    request.Options,
                    (lane, output, work) => RunAsync(lane, request, null, output, work),
                    caller).ConfigureAwait(false);
            }

            return await AnswerAsync(
                request.Statements, request.Options, async (lane, output, work) =>
                {
                    await RunAsync(lane, request, BeginOf(request), output, work).ConfigureAwait(false);
                    if (request.Options.ReadOnly != true)
                    {
                        await CommitAsync(lane, work).ConfigureAwait(false);
                    }

                    // One that only reads is rolled back with the lane's reset, whatever it has set for itself: it may be sent twice.
                },
                caller).ConfigureAwait(false);
        }
        finally
        {
            pool.Leave(bytes);
        }
    }

    /// <summary>In a transaction with its answer; or the answer that is kept.</summary>
    private Task<Answer> AnswerOnceAsync(
        KeyedRequest keyed,
        string begin,
        IReadOnlyList<Statement> statements,
        QueryOptions options,
        Func<Lane, ArrayBufferWriter<byte>, StatementWork, Task> run,
        CancellationToken caller) => once.AnswerAsync(
            keyed,
            TimeLimit(pool.Limits, options),
            () => AnswerAsync(
                statements,
                options,
                (lane, output, work) => once.RunAsync(lane, keyed, begin, output, work, () => run(lane, output, work)),
                caller),
            caller);

    private async Task<Answer> AnswerAsync(
        IReadOnlyList<Statement> statements, QueryOptions options, Func<Lane, ArrayBufferWriter<byte>, StatementWork, Task> run, CancellationToken caller)
    {
        var grant = await pool.RentAsync(caller).ConfigureAwait(false);
        if (grant.Lane is not { } lane)
        {
            return Refuse(grant.Refusal!);
        }

        var mayDefine = await fast.BeginAsync(statements).ConfigureAwait(false);
        try
        {
            var begun = time.GetTimestamp();
            var answer = await AnswerAsync(lane, options, run, caller).ConfigureAwait(false);
            if (answer.Kind == AnswerKind.Done && statements is [var statement] && IdempotentWrites.KeyOf(options) is null)
            {
                fast.Ran(statement.Sql, time.GetElapsedTime(begun), answer.Body.Length);
            }

            return answer;
        }
        finally
        {
            fast.Ended(mayDefine);
            pool.Lanes.Return(lane);
        }
    }

    private static Answer NotAdmitted(Admission admission) => admission.IsStale ? Answer.Stale : Refuse(admission.Refusal!);

    private async Task<Answer> AnswerAsync(
        Lane lane, QueryOptions options, Func<Lane, ArrayBufferWriter<byte>, StatementWork, Task> run, CancellationToken caller)
    {
        var limits = pool.Limits;
        using var clock = new StatementClock(TimeLimit(limits, options), time, caller, pool.Stopping);
        // An account that was stopped since the lane was lent has cancelled what ran then, which this did not.
        if (pool.Refusal is { } stopped)
        {
            return Answer.Refused(stopped with { DidNotRun = true });
        }

        var work = new StatementWork(clock, limits.MaxResultBytes);
        var output = lane.Buffer();
        using var span = RequestPath.Run(pool.Account);
        await using var ending = pool.EndLate(lane, clock).ConfigureAwait(false);
        try
        {
            await run(lane, output, work).ConfigureAwait(false);
            pool.Wrote(output.WrittenCount);
            var answer = Answer.Done(output.WrittenSpan.ToArray());
            return work.WasReplayed ? answer with { WasReplayed = true } : answer;
        }
        catch (Exception exception)
        {
            var wasNotSent = work.IsAlone && SqlFailure.WasNotSent(exception, lane, work.HasBegun);
            var refusal = SqlFailure.ToRefusal(exception, clock, pool.Refusal, limits.MaxResultBytes, work.MayHaveWritten && !wasNotSent, work.HasRun);
            return Refuse(refusal with { StatementIndex = work.StatementIndex, DidNotRun = refusal.DidNotRun || wasNotSent });
        }
    }

    private static Answer Refuse(Refusal refusal)
    {
        TenantMetrics.Refused(refusal.Code);
        return Answer.Refused(refusal);
    }

    private async Task RunAsync(Lane lane, QueryRequest request, ArrayBufferWriter<byte> output, StatementWork work)
    {
        var (statement, options) = (request.Statement, request.Options);
        lane.InTransaction = StatementText.IsTransactionControl(statement.Sql);
        if (options.ReadOnly == true)
        {
            await _runner.RunAsync(lane, statement, "BEGIN READ ONLY", output, options, work.MaxBytes, work.Clock).ConfigureAwait(false);
        }
        else if (NeedsCommit(statement.Sql))
        {
            await _runner.RunAsync(lane, statement, "BEGIN", output, options, work.MaxBytes, work.Clock).ConfigureAwait(false);
            await CommitAsync(lane, work).ConfigureAwait(false);
        }
        else
        {
            await _runner.RunAsync(lane, statement, null, output, options, work.MaxBytes, work.Clock, alone: work).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(Lane lane, TransactionRequest request, string? begin, ArrayBufferWriter<byte> output, StatementWork work)
    {
        output.Write("{\"results\":["u8);
        for (var i = 0; i < request.Statements.Length; i++)
        {
            work.StatementIndex = i;
            if (i > 0)
            {
                output.Write(","u8);
            }

            var left = work.MaxBytes - output.WrittenCount;
            await _runner.RunAsync(lane, request.Statements[i], begin, output, request.Options, left, work.Clock).ConfigureAwait(false);
            begin = null;
        }

        work.StatementIndex = null;
        output.Write("]}"u8);
    }

    /// <summary>Until this is sent nothing has happened, whatever breaks.</summary>
    private static async Task CommitAsync(Lane lane, StatementWork work)
    {
        work.Sends();
        await using var command = new NpgsqlCommand("COMMIT", lane.Connection);
        await command.ExecuteNonQueryAsync(work.Clock.Token).ConfigureAwait(false);
        lane.InTransaction = false;
    }

    /// <summary>
    /// A write that returns rows is committed only once its rows were taken: one whose answer is too large, or has two
    /// columns of one name, has then not happened.
    /// </summary>
    private static bool NeedsCommit(string sql) =>
        StatementText.FirstKeyword(sql) is "INSERT" or "UPDATE" or "DELETE" or "MERGE" or "WITH" && StatementText.HasKeyword(sql, "RETURNING");

    private static string BeginOf(TransactionRequest request) => BeginOf(request.Isolation, request.Options.ReadOnly == true);

    internal static string BeginOf(TransactionIsolation isolation, bool readOnly)
    {
        var text = new StringBuilder("BEGIN ISOLATION LEVEL ");
        text.Append(isolation switch
        {
            TransactionIsolation.RepeatableRead => "REPEATABLE READ",
            TransactionIsolation.Serializable => "SERIALIZABLE",
            _ => "READ COMMITTED",
        });
        return text.Append(readOnly ? " READ ONLY" : " READ WRITE").ToString();
    }

    internal static TimeSpan TimeLimit(TenantLimits limits, QueryOptions options) =>
        options.Timeout is { } asked && asked < limits.StatementTimeout ? asked : limits.StatementTimeout;
}
