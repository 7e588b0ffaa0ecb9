using Kataven.Accounts;
using Npgsql;

namespace Kataven.Grains.Accounts;

/// <summary>
/// Reads <c>kataven.account_change</c>, where a trigger notes each change of <c>accounts</c>. What is new is told by
/// snapshots of the server: a change is new where its transaction was not yet over in the snapshot of the look before,
/// however long it ran and in whatever order others ended.
/// </summary>
internal sealed class AccountChangeLog(SystemDatabase system)
{
    /// <summary>Accounts beyond which reading the whole table is less work.</summary>
    private const int MaxIds = 1000;

    /// <summary>Seconds after which a look counts as failed: a server that is gone without a word is told apart from a slow one.</summary>
    private const int LookWithin = 5;

    public async Task<string> SnapshotAsync(CancellationToken cancellation)
    {
        await using var command = system.Command("SELECT pg_current_snapshot()::text");
        command.CommandTimeout = LookWithin;
        return (string)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    /// <summary>One statement, so that what it finds and the snapshot that it returns are of one moment.</summary>
    public async Task<AccountChanges> SinceAsync(string snapshot, CancellationToken cancellation)
    {
        await using var command = system.Command($"""
            SELECT pg_current_snapshot()::text, coalesce(bool_or(account_id IS NULL), false) OR count(*) > {MaxIds},
                   coalesce(array_agg(DISTINCT account_id) FILTER (WHERE account_id IS NOT NULL), ARRAY[]::text[])
              FROM (SELECT account_id FROM kataven.account_change
                     WHERE changed_in >= pg_snapshot_xmin($1::pg_snapshot) AND NOT pg_visible_in_snapshot(changed_in, $1::pg_snapshot)
                     LIMIT {MaxIds + 1}) AS changed
            """);
        command.CommandTimeout = LookWithin;
        command.Parameters.Add(Text(snapshot));
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        var ids = new HashSet<AccountId>();
        foreach (var slug in reader.GetFieldValue<string[]>(2))
        {
            // Another can stand in the table only where somebody dropped its checks: never an account.
            if (AccountId.TryParse(slug, out var id))
            {
                ids.Add(id);
            }
        }

        return new AccountChanges(reader.GetString(0), reader.GetBoolean(1), ids);
    }

    /// <summary>
    /// Forgets what was over in that snapshot already, and what says to be of a transaction that has not begun yet: it came
    /// with a copy of another server's data.
    /// </summary>
    public async Task ForgetAsync(string snapshot, CancellationToken cancellation)
    {
        await using var command = system.Command("""
            DELETE FROM kataven.account_change
             WHERE changed_in < pg_snapshot_xmin($1::pg_snapshot) OR changed_in >= pg_snapshot_xmax(pg_current_snapshot())
            """);
        command.Parameters.Add(Text(snapshot));
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Asking how full the server's queue of notifications is moves its tail past what nobody waits for any more. A queue
    /// that is full is not moved otherwise: that is done by those who notify, and they fail first.
    /// </summary>
    public async Task AdvanceNotificationsAsync(CancellationToken cancellation)
    {
        await using var command = system.Command("SELECT pg_notification_queue_usage()");
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static NpgsqlParameter Text(string value) => new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text, Value = value };
}
