using Kataven.Accounts;
using Kataven.Grains.Accounts;

namespace Kataven.Grains.Migrations;

/// <summary>Keeps what the fleet is asked for by: <c>kataven.account_state</c>. The truth stands in each account's own database.</summary>
internal sealed class AccountStateTable(SystemDatabase system)
{
    /// <summary>Null where it was never noted.</summary>
    public async Task<int?> FindVersionAsync(AccountId account, CancellationToken cancellation)
    {
        await using var command = system.Command("SELECT schema_version FROM kataven.account_state WHERE account_id = $1");
        command.Parameters.Add(new() { Value = account.Value });
        return (int?)await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
    }

    /// <param name="account">The account.</param>
    /// <param name="uid">Its own id: of another account that has the slug by now nothing is noted.</param>
    /// <param name="version">Of its migrations.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task SetVersionAsync(AccountId account, Guid uid, int version, CancellationToken cancellation)
    {
        await using var command = system.Command("""
            INSERT INTO kataven.account_state (account_id, schema_version)
            SELECT a.account_id, $2 FROM public.accounts a WHERE a.account_id = $1 AND a.account_uid = $3
            ON CONFLICT (account_id) DO UPDATE SET schema_version = excluded.schema_version, measured_at = now()
            """);
        command.Parameters.Add(new() { Value = account.Value });
        command.Parameters.Add(new() { Value = version });
        command.Parameters.Add(new() { Value = uid });
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
