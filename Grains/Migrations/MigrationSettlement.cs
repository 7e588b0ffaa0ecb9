using System.Globalization;
using Kataven.Grains.Accounts;
using Npgsql;

namespace Kataven.Grains.Migrations;

/// <summary>
/// Finds out what became of scripts whose outcome nobody wrote down, because a process or a connection was lost: PostgreSQL is asked,
/// and nothing is guessed. Whoever settles holds the account's lock, so no connection of scripts that is there has a process any more.
/// </summary>
internal sealed class MigrationSettlement(AccountRole role, TimeProvider time)
{
    /// <summary>How long the backends of a run that was left behind have to end.</summary>
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(30);

    /// <summary>Ends what was left behind, and writes down what it came to.</summary>
    /// <returns>The account's history, in which nothing with a transaction is open any more.</returns>
    public async Task<IReadOnlyList<AppliedMigration>> SettleAsync(MigrationSession session, CancellationToken cancellation)
    {
        var service = session.Service;
        var history = await MigrationHistory.ReadAsync(service, cancellation).ConfigureAwait(false);
        await EndLeftAsync(session.Role, service, history, cancellation).ConfigureAwait(false);
        if (history.All(row => row.IsApplied))
        {
            return history;
        }

        foreach (var row in await MigrationHistory.ReadAsync(service, cancellation).ConfigureAwait(false))
        {
            await SettleAsync(session, service, row, cancellation).ConfigureAwait(false);
        }

        return await MigrationHistory.ReadAsync(service, cancellation).ConfigureAwait(false);
    }

    /// <summary>What became of one script of this run, whose own connection has ended; true where it is applied.</summary>
    public static Task<bool> SettleAsync(MigrationSession session, MigrationScript script, CancellationToken cancellation) => session.OnServiceAsync(
        async service =>
        {
            var history = await MigrationHistory.ReadAsync(service, cancellation).ConfigureAwait(false);
            if (history.FirstOrDefault(row => row.Version == script.Version) is not { } row)
            {
                return false;
            }

            await SettleAsync(session, service, row, cancellation).ConfigureAwait(false);
            return row.IsInForce;
        },
        cancellation);

    private static async Task SettleAsync(MigrationSession session, NpgsqlConnection service, AppliedMigration row, CancellationToken cancellation)
    {
        switch (row)
        {
            case { IsApplied: true }:
                return;
            case { Xid: null }:
                // It goes on where it stopped, when it is run next.
                await DropInvalidAsync(session, service, row, cancellation).ConfigureAwait(false);
                return;
            case { Outcome: "committed" }:
                await MigrationHistory.RecordAsync(service, row.Version, null, cancellation).ConfigureAwait(false);
                return;
            case { Outcome: "aborted" }:
                await MigrationHistory.WithdrawAsync(service, row.Version, cancellation).ConfigureAwait(false);
                return;
            default:
                throw new InvalidOperationException(
                    $"Whether migration {row.Version} was applied cannot be told: PostgreSQL says {row.Outcome ?? "nothing"} of transaction {row.Xid}.");
        }
    }

    private static async Task DropInvalidAsync(MigrationSession session, NpgsqlConnection service, AppliedMigration row, CancellationToken cancellation)
    {
        if (await InvalidIndexes.AnyAsync(service, row.InvalidBefore, cancellation).ConfigureAwait(false))
        {
            var scripts = await session.ScriptsAsync(cancellation).ConfigureAwait(false);
            await InvalidIndexes.DropAsync(service, scripts, row.InvalidBefore, cancellation).ConfigureAwait(false);
        }
    }

    private async Task EndLeftAsync(string roleName, NpgsqlConnection service, IReadOnlyList<AppliedMigration> history, CancellationToken cancellation)
    {
        var left = await LeftAsync(roleName, service, history, cancellation).ConfigureAwait(false);
        if (left.Count == 0)
        {
            return;
        }

        using var patience = new CancellationTokenSource(EndWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        foreach (var processId in left)
        {
            await role.TerminateAsync(roleName, processId, either.Token).ConfigureAwait(false);
        }
    }

    /// <summary>By what the connections of scripts are called and, since a script may call itself something else, by its transaction.</summary>
    private static async Task<List<int>> LeftAsync(
        string roleName, NpgsqlConnection service, IReadOnlyList<AppliedMigration> history, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            SELECT pid FROM pg_stat_activity
             WHERE (SELECT pg_stat_get_db_numbackends(oid) > 1 FROM pg_database WHERE datname = current_database())
               AND datname = current_database() AND usename = $1 AND (application_name = '{ScriptConnection.ApplicationName}' OR backend_xid::text = ANY ($2))
            """,
            service);
        command.Parameters.Add(new() { Value = roleName });
        command.Parameters.Add(new()
        {
            // The server shows the lower half of an id alone.
            Value = history.Where(row => row is { IsApplied: false, Xid: not null })
                .Select(row => ((uint)row.Xid!.Value).ToString(CultureInfo.InvariantCulture)).ToArray(),
        });
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var found = new List<int>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            found.Add(reader.GetInt32(0));
        }

        return found;
    }
}
