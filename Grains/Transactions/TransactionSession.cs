using Kataven.Errors;
using Kataven.Grains.Connections;
using Kataven.Grains.Queries;
using Kataven.Grains.Queries.Fast;
using Kataven.Grains.Queries.Text;
using Kataven.Grains.Tenants;
using Kataven.Observability;
using Kataven.Queries;
using Npgsql;

namespace Kataven.Grains.Transactions;

/// <summary>⑥ What an interactive transaction does on its lane. Not thread-safe: whoever has the transaction's turn uses it.</summary>
/// <param name="pool">The account's.</param>
/// <param name="fast">Is told of what is defined.</param>
/// <param name="lane">On which it has begun.</param>
/// <param name="readOnly">PostgreSQL refuses to write in it.</param>
/// <param name="time">The clock.</param>
internal sealed class TransactionSession(TenantPool pool, FastReads fast, Lane lane, bool readOnly, TimeProvider time)
{
    /// <summary>Fences in a statement whose caller says that it only reads.</summary>
    private const string ReadsOnly = "_kataven_reads_only";

    private static readonly TimeSpan RollBackWithin = TimeSpan.FromSeconds(5);

    private static readonly Refusal CommitUnknown = Refusal.Of(
        ErrorCode.OutcomeUnknown, "The connection was lost after the commit had been sent: it may or may not have taken effect.");

    // Types of its own: what a transaction makes is nobody else's until its commit.
    private readonly StatementRunner _runner = new(new TypeCatalog(), pool.LongAnswers);

    private bool _mayDefine;

    /// <summary>
    /// A statement has failed: all that comes is refused until the transaction ends, or goes back to a savepoint. PostgreSQL would go on
    /// where the service ended the statement too late, or refused it itself; its effects, of which the caller knows nothing, must not
    /// be committed.
    /// </summary>
    public bool HasFailed { get; private set; }

    public bool IsOpen => lane.IsOpen;

    /// <summary>PostgreSQL has not closed the connection behind the transaction's back.</summary>
    public bool IsAlive => lane.IsSilent;

    /// <summary>The result as JSON, or why there is none.</summary>
    /// <param name="request">What runs.</param>
    /// <param name="clock">Ends it.</param>
    /// <param name="ended">Why it ended, where <paramref name="clock"/> says that the account was stopped.</param>
    public async Task<Answer> RunAsync(QueryRequest request, StatementClock clock, Func<Refusal> ended)
    {
        var (statement, options) = (request.Statement, request.Options);
        if (HasFailed && !StatementText.IsRollbackToSavepoint(statement.Sql))
        {
            return Answer.Refused(TransactionRefusals.Aborted);
        }

        var maxBytes = pool.Limits.MaxResultBytes;
        var output = lane.Buffer();
        using var span = RequestPath.Run(pool.Account);
        try
        {
            NoteDefinition(statement);
            if (options.ReadOnly == true && !readOnly && !StatementText.IsSavepoint(statement.Sql))
            {
                await ExecuteAsync(clock.Token, $"SAVEPOINT {ReadsOnly}", "SET TRANSACTION READ ONLY").ConfigureAwait(false);
                await _runner.RunAsync(lane, statement, null, output, options, maxBytes, clock).ConfigureAwait(false);
                // Whether it may write is the subtransaction's own: it ends with it.
                await ExecuteAsync(clock.Token, $"RELEASE SAVEPOINT {ReadsOnly}").ConfigureAwait(false);
            }
            else
            {
                await _runner.RunAsync(lane, statement, null, output, options, maxBytes, clock).ConfigureAwait(false);
            }

            HasFailed = false;
            pool.Wrote(output.WrittenCount);
            return Answer.Done(output.WrittenSpan.ToArray());
        }
        catch (Exception exception)
        {
            HasFailed = true;
            // Nothing is committed whatever was sent; and nothing may be sent again behind it.
            return Answer.Refused(SqlFailure.ToRefusal(exception, clock, ended(), maxBytes, mayHaveWritten: false) with { DidNotRun = false });
        }
    }

    /// <summary>Null where it is committed; else why it is not, or that nobody knows (<see cref="ErrorCode.OutcomeUnknown"/>).</summary>
    /// <param name="clock">Ends it.</param>
    /// <param name="ended">As for a statement.</param>
    public async Task<Refusal?> CommitAsync(StatementClock clock, Func<Refusal> ended)
    {
        using var span = RequestPath.Run(pool.Account);
        var mayDefine = await fast.BeginCommitAsync(_mayDefine, readOnly).ConfigureAwait(false);
        try
        {
            await ExecuteAsync(clock.Token, "COMMIT").ConfigureAwait(false);
            lane.InTransaction = false;
            return null;
        }
        catch (Exception exception)
        {
            // An error is PostgreSQL's answer to the commit, which therefore has not happened. Without one nobody has seen its end.
            var answer = exception as PostgresException ?? exception.InnerException as PostgresException;
            return answer is { InvariantSeverity: "ERROR" }
                ? SqlFailure.ToRefusal(exception, clock, ended(), 0, mayHaveWritten: true)
                : CommitUnknown;
        }
        finally
        {
            fast.Ended(mayDefine);
        }
    }

    /// <summary>Locks are gone when it returns; where it cannot be done here, the lane's end does it.</summary>
    public async Task RollBackAsync()
    {
        if (!lane.IsOpen)
        {
            return;
        }

        using var limit = new CancellationTokenSource(RollBackWithin, time);
        try
        {
            await ExecuteAsync(limit.Token, "ROLLBACK").ConfigureAwait(false);
            lane.InTransaction = false;
        }
        catch (Exception)
        {
            // The lane is reset, or closed, when it goes back.
        }
    }

    /// <summary>The lane is as good as new before anybody gets it.</summary>
    public void GiveBack()
    {
        if (_mayDefine)
        {
            fast.DefinitionEnded();
        }

        pool.Lanes.Return(lane);
    }

    private void NoteDefinition(Statement statement)
    {
        if (!_mayDefine && fast.MayDefine(statement))
        {
            _mayDefine = true;
            fast.DefinitionBegan();
        }
    }

    private async Task ExecuteAsync(CancellationToken cancellation, params string[] statements)
    {
        await using var batch = new NpgsqlBatch(lane.Connection);
        foreach (var statement in statements)
        {
            batch.BatchCommands.Add(new(statement));
        }

        await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
