using Kataven.Migrations;

namespace Kataven.Grains.Migrations;

/// <summary>
/// Runs a script in one transaction. Before its commit the service writes down, on its own connection, which transaction it is: so
/// whatever is lost after that, PostgreSQL can say what became of it.
/// </summary>
internal sealed class TransactionRun(TimeProvider time)
{
    /// <summary>Null where it is applied.</summary>
    public async Task<MigrationFailure?> RunAsync(MigrationSession session, MigrationScript script, MigrationSteps steps, CancellationToken cancellation)
    {
        await steps.RunAsync(script).ConfigureAwait(false);
        var begin = time.GetTimestamp();
        ScriptConnection? scripts = null;
        var isIntended = false;
        try
        {
            scripts = await session.ScriptsAsync(cancellation).ConfigureAwait(false);
            var xid = await RunAsync(scripts, script, cancellation).ConfigureAwait(false);
            await steps.IntentAsync(script).ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            isIntended = true;
            // From here on nothing is cancelled: it takes no time, and a commit that was cancelled would have to be looked for.
            await MigrationHistory.IntendAsync(session.Service, RowOf(script, xid, session.Attempt), CancellationToken.None).ConfigureAwait(false);
            await steps.CommitAsync(script).ConfigureAwait(false);
            await scripts.ExecuteAsync("COMMIT", CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            if (scripts is not null)
            {
                await scripts.EndTransactionAsync().ConfigureAwait(false);
            }

            if (!isIntended || !await MigrationSettlement.SettleAsync(session, script, CancellationToken.None).ConfigureAwait(false))
            {
                if (MigrationFaults.Of(script, exception, cancellation) is { } failure)
                {
                    return failure;
                }

                throw;
            }
        }

        await steps.RecordAsync(script).ConfigureAwait(false);
        return await RecordAsync(session, script, time.GetElapsedTime(begin)).ConfigureAwait(false)
            ? null
            : MigrationFaults.Of(script, ScriptException.Of("25P02", "The transaction was rolled back instead of committed.", isCertain: true), cancellation);
    }

    private static async Task<ulong> RunAsync(ScriptConnection scripts, MigrationScript script, CancellationToken cancellation)
    {
        var xid = await scripts.BeginAsync(cancellation).ConfigureAwait(false);
        foreach (var statement in script.Statements)
        {
            await scripts.ExecuteAsync(statement, cancellation).ConfigureAwait(false);
        }

        // Triggers of the account's that are put off until the commit run here, where they can be cancelled.
        await scripts.ExecuteAsync("SET CONSTRAINTS ALL IMMEDIATE", cancellation).ConfigureAwait(false);
        return await scripts.TransactionIdAsync(cancellation).ConfigureAwait(false) == xid
            ? xid
            : throw ScriptException.Of("2D000", "The script ended the transaction that it runs in: what it did until then may be committed.", isCertain: true);
    }

    /// <summary>Already written down where the outcome had to be settled.</summary>
    private static async Task<bool> RecordAsync(MigrationSession session, MigrationScript script, TimeSpan took) =>
        await session.OnServiceAsync(service => MigrationHistory.RecordAsync(service, script.Version, took, CancellationToken.None), CancellationToken.None).ConfigureAwait(false)
        || await MigrationSettlement.SettleAsync(session, script, CancellationToken.None).ConfigureAwait(false);

    private static AppliedMigration RowOf(MigrationScript script, ulong xid, Guid attempt) => new()
    {
        Version = script.Version,
        Description = script.Description,
        Checksum = script.Checksum,
        IsApplied = false,
        Xid = xid,
        Attempt = attempt,
    };
}
