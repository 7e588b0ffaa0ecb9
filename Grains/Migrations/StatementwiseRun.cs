using Kataven.Grains.Queries.Text;
using Kataven.Migrations;
using Npgsql;

namespace Kataven.Grains.Migrations;

/// <summary>
/// Runs a script that cannot run in a transaction, one statement after the other, and writes down each that is done: when it is asked
/// for again, the same script goes on with the first that is not.
/// </summary>
internal sealed class StatementwiseRun(TimeProvider time)
{
    /// <summary>Null where it is applied.</summary>
    public async Task<MigrationFailure?> RunAsync(
        MigrationSession session, MigrationScript script, AppliedMigration? before, MigrationSteps steps, CancellationToken cancellation)
    {
        await steps.RunAsync(script).ConfigureAwait(false);
        var begin = time.GetTimestamp();
        var goesOn = before is { IsApplied: false, Xid: null } && before.Checksum == script.Checksum;
        var row = new AppliedMigration
        {
            Version = script.Version,
            Description = script.Description,
            Checksum = script.Checksum,
            IsApplied = false,
            StatementsDone = goesOn ? before!.StatementsDone : 0,
            InvalidBefore = goesOn ? before!.InvalidBefore : await InvalidIndexes.ReadAsync(session.Service, cancellation).ConfigureAwait(false),
            Attempt = session.Attempt,
        };
        await steps.IntentAsync(script).ConfigureAwait(false);
        await MigrationHistory.IntendAsync(session.Service, row, cancellation).ConfigureAwait(false);
        var done = row.StatementsDone;
        try
        {
            var scripts = await session.ScriptsAsync(cancellation).ConfigureAwait(false);
            await SetAgainAsync(scripts, script, done, cancellation).ConfigureAwait(false);
            var isInDoubt = goesOn && before!.Attempt is not null;
            for (; done < script.Statements.Count; isInDoubt = false)
            {
                await RunAsync(session.Service, scripts, script.Statements[done], isInDoubt, cancellation).ConfigureAwait(false);
                done++;
                var noted = done;
                await session.OnServiceAsync(service => MigrationHistory.NoteAsync(service, row, noted, CancellationToken.None), CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            await CleanUpAsync(session, row, done, isCertain: exception is ScriptException { IsCertain: true }).ConfigureAwait(false);
            if (MigrationFaults.Of(script, exception, cancellation) is { } failure)
            {
                return failure;
            }

            throw;
        }

        await steps.RecordAsync(script).ConfigureAwait(false);
        await session.OnServiceAsync(
            service => MigrationHistory.RecordAsync(service, script.Version, time.GetElapsedTime(begin), CancellationToken.None), CancellationToken.None).ConfigureAwait(false);
        return null;
    }

    /// <summary>What the statements before set for the session is gone with their connection.</summary>
    private static async Task SetAgainAsync(ScriptConnection scripts, MigrationScript script, int done, CancellationToken cancellation)
    {
        foreach (var statement in script.Statements.Take(done).Where(statement => StatementText.FirstKeyword(statement.Sql) is "SET" or "RESET"))
        {
            await scripts.ExecuteAsync(statement, cancellation).ConfigureAwait(false);
        }
    }

    /// <param name="service">The service's connection.</param>
    /// <param name="scripts">The script's.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="isInDoubt">Whether it may have run before, and its process may have died before it could say so.</param>
    /// <param name="cancellation">Ends it.</param>
    private static async Task RunAsync(
        NpgsqlConnection service, ScriptConnection scripts, ScriptStatement statement, bool isInDoubt, CancellationToken cancellation)
    {
        if (isInDoubt && CreatedIndex.Of(statement.Sql) is { } index && await index.IsValidAsync(service, cancellation).ConfigureAwait(false))
        {
            return;
        }

        await scripts.ExecuteAsync(statement, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Leaves no invalid index, and no row where nothing was done. Where that does not succeed the row says so to whoever comes next.
    /// </summary>
    private static async Task CleanUpAsync(MigrationSession session, AppliedMigration row, int done, bool isCertain)
    {
        try
        {
            await session.OnServiceAsync(service => CleanUpAsync(session, service, row, done, isCertain), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is ScriptException or NpgsqlException)
        {
            // Settled with the next run; what failed first is what is told.
        }
    }

    private static async Task<int> CleanUpAsync(MigrationSession session, NpgsqlConnection service, AppliedMigration row, int done, bool isCertain)
    {
        if (await InvalidIndexes.AnyAsync(service, row.InvalidBefore, CancellationToken.None).ConfigureAwait(false))
        {
            var scripts = await session.ScriptsAsync(CancellationToken.None).ConfigureAwait(false);
            await InvalidIndexes.DropAsync(service, scripts, row.InvalidBefore, CancellationToken.None).ConfigureAwait(false);
        }

        return !isCertain ? 0
            : done == 0 ? await MigrationHistory.WithdrawAsync(service, row.Version, CancellationToken.None).ConfigureAwait(false)
            : await MigrationHistory.StopAsync(service, row.Version, CancellationToken.None).ConfigureAwait(false);
    }
}
