using Kataven.Accounts;

namespace Kataven.Grains.Accounts;

/// <summary>Reads what the system database and the server know of accounts' databases.</summary>
internal sealed class AccountFactsTable(SystemDatabase system)
{
    private static readonly AccountFacts None = new(null, null, null, null);

    /// <summary>In the order of the accounts.</summary>
    public async Task<List<AccountFacts>> ReadAsync(IReadOnlyList<AccountId> accounts, CancellationToken cancellation)
    {
        // The size of a file each: a page of accounts takes some tens of milliseconds.
        await using var command = system.Command("""
            SELECT a.account_id, s.schema_version,
                   (SELECT pg_database_size(d.oid) FROM pg_database d WHERE d.datname = a.database_name),
                   (SELECT max(b.started_at) FROM kataven.backup b WHERE b.account_uid = a.account_uid AND b.status = 'complete'),
                   (SELECT max(b.verified_at) FROM kataven.backup b WHERE b.account_uid = a.account_uid)
              FROM public.accounts a LEFT JOIN kataven.account_state s USING (account_id)
             WHERE a.account_id = ANY ($1)
            """);
        command.Parameters.Add(new() { Value = accounts.Select(account => account.Value).ToArray() });
        var facts = new Dictionary<string, AccountFacts>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            facts[reader.GetString(0)] = new AccountFacts(
                reader.IsDBNull(1) ? null : reader.GetInt32(1),
                reader.IsDBNull(2) ? null : reader.GetInt64(2),
                reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3),
                reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4));
        }

        return [.. accounts.Select(account => facts.GetValueOrDefault(account.Value, None))];
    }
}
