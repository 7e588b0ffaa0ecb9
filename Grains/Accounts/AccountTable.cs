using Kataven.Accounts;
using Npgsql;

namespace Kataven.Grains.Accounts;

/// <summary>Reads and writes <c>public.accounts</c>.</summary>
internal sealed class AccountTable(SystemDatabase system)
{
    private const string Columns = """
        a.account_id, a.account_name, a.status, a.status_reason, a.org_id, a.role_name, a.created_at, a.version,
        a.max_lanes, a.max_queue, a.wait_timeout_ms, a.statement_timeout_ms, a.max_result_bytes, a.requests_per_second,
        EXISTS (SELECT FROM pg_catalog.pg_database d WHERE d.datname = a.database_name AND d.datallowconn), a.account_uid
        """;

    public async Task<List<AccountRow>> ReadAllAsync(CancellationToken cancellation)
    {
        await using var command = system.Command($"SELECT {Columns} FROM public.accounts a");
        return await ReadRowsAsync(command, cancellation).ConfigureAwait(false);
    }

    public async Task<List<AccountRow>> ReadAsync(IReadOnlyCollection<AccountId> ids, CancellationToken cancellation)
    {
        await using var command = system.Command($"SELECT {Columns} FROM public.accounts a WHERE a.account_id = ANY ($1)");
        command.Parameters.Add(new() { Value = ids.Select(id => id.Value).ToArray() });
        return await ReadRowsAsync(command, cancellation).ConfigureAwait(false);
    }

    public async Task<List<AccountRow>> ReadByOrganisationsAsync(IReadOnlyCollection<string> organisations, CancellationToken cancellation)
    {
        await using var command = system.Command($"SELECT {Columns} FROM public.accounts a WHERE a.org_id = ANY ($1)");
        command.Parameters.Add(new() { Value = organisations.ToArray() });
        return await ReadRowsAsync(command, cancellation).ConfigureAwait(false);
    }

    public async Task<AccountRow?> ReadAsync(AccountId id, CancellationToken cancellation) =>
        (await ReadAsync([id], cancellation).ConfigureAwait(false)) is [var row] ? row : null;

    /// <param name="filter">Which.</param>
    /// <param name="newestVersion">Of the migrations: who has less is behind.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<List<AccountRow>> ListAsync(AccountFilter filter, int newestVersion, CancellationToken cancellation)
    {
        await using var command = system.Command($"""
            SELECT {Columns} FROM public.accounts a
             WHERE ($1 IS NULL OR a.status = $1)
               AND ($2 IS NULL OR strpos(a.account_id, lower($2)) > 0 OR strpos(lower(a.account_name), lower($2)) > 0)
               AND ($3 IS NULL OR a.account_id > $3)
               AND ($5 IS NULL OR (coalesce((SELECT s.schema_version FROM kataven.account_state s WHERE s.account_id = a.account_id), 0) < $6) = $5)
               AND ($7 IS NULL OR NOT EXISTS (SELECT FROM kataven.backup b
                                               WHERE b.account_uid = a.account_uid AND b.status = 'complete' AND b.started_at > now() - $7))
             ORDER BY a.account_id LIMIT $4
            """);
        command.Parameters.Add(Text(filter.Status is { } status ? AccountStatusText.Of(status) : null));
        command.Parameters.Add(Text(filter.Search));
        command.Parameters.Add(Text(filter.After));
        command.Parameters.Add(new() { Value = filter.Limit });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Boolean, Value = (object?)filter.IsBehind ?? DBNull.Value });
        command.Parameters.Add(new() { Value = newestVersion });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Interval, Value = (object?)filter.BackupOlderThan ?? DBNull.Value });
        return await ReadRowsAsync(command, cancellation).ConfigureAwait(false);
    }

    /// <summary>Reserves the slug, or takes up a making that did not end, as it is asked for now. False where the slug is taken.</summary>
    /// <param name="id">The slug.</param>
    /// <param name="account">What is asked for.</param>
    /// <param name="reason">Who makes it, or null for a call that can be sent again.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<bool> TryReserveAsync(AccountId id, NewAccount account, string? reason, CancellationToken cancellation)
    {
        await using var command = system.Command("""
            INSERT INTO public.accounts AS a (account_id, account_name, database_name, status, org_id,
                   max_lanes, max_queue, wait_timeout_ms, statement_timeout_ms, max_result_bytes, requests_per_second, status_reason)
            VALUES ($1, $2, $1, 'provisioning', $3, $4, $5, $6, $7, $8, $9, $10)
            ON CONFLICT (account_id) DO UPDATE SET status = 'provisioning', status_reason = excluded.status_reason,
                   account_name = excluded.account_name, org_id = excluded.org_id,
                   max_lanes = excluded.max_lanes, max_queue = excluded.max_queue,
                   wait_timeout_ms = excluded.wait_timeout_ms, statement_timeout_ms = excluded.statement_timeout_ms,
                   max_result_bytes = excluded.max_result_bytes, requests_per_second = excluded.requests_per_second
             WHERE a.status IN ('provisioning', 'failed') AND coalesce(a.status_reason, '') NOT LIKE 'operation %' AND $10 IS NULL
            """);
        command.Parameters.Add(Text(id.Value));
        command.Parameters.Add(Text(account.Name));
        command.Parameters.Add(Text(account.OrgId));
        foreach (var limit in Values(account.Limits))
        {
            command.Parameters.Add(Number(limit));
        }

        command.Parameters.Add(Text(reason));
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) == 1;
    }

    /// <param name="account">The account, and no other one that has its slug by now.</param>
    /// <param name="from">The statuses that it may have now: somebody may have changed it with plain SQL.</param>
    /// <param name="status">The status that it gets.</param>
    /// <param name="reason">Why, or null.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False where it has another status, or is gone.</returns>
    public async Task<bool> TrySetStatusAsync(
        Account account, AccountStatus[] from, AccountStatus status, string? reason, CancellationToken cancellation)
    {
        await using var command = system.Command("""
            UPDATE public.accounts SET status = $2, status_reason = $3 WHERE account_id = $1 AND status = ANY ($4) AND account_uid = $5
            """);
        command.Parameters.Add(Text(account.Id.Value));
        command.Parameters.Add(Text(AccountStatusText.Of(status)));
        command.Parameters.Add(Text(reason));
        command.Parameters.Add(new() { Value = from.Select(AccountStatusText.Of).ToArray() });
        command.Parameters.Add(new() { Value = account.Uid });
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) == 1;
    }

    /// <summary>The same, where nobody has changed anything of the account since it was read.</summary>
    /// <returns>False where somebody has, or it is gone.</returns>
    public async Task<bool> TryChangeStatusAsync(Account account, AccountStatus status, string? reason, CancellationToken cancellation)
    {
        await using var command = system.Command("UPDATE public.accounts SET status = $3, status_reason = $4 WHERE account_id = $1 AND version = $2");
        command.Parameters.Add(Text(account.Id.Value));
        command.Parameters.Add(new() { Value = account.Version });
        command.Parameters.Add(Text(AccountStatusText.Of(status)));
        command.Parameters.Add(Text(reason));
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) == 1;
    }

    /// <returns>False where somebody has changed the account since it was read, or it is gone.</returns>
    public async Task<bool> TryPatchAsync(Account account, AccountPatch patch, CancellationToken cancellation)
    {
        await using var command = system.Command("");
        command.Parameters.Add(Text(account.Id.Value));
        command.Parameters.Add(new() { Value = account.Version });
        var sets = new List<string>();
        if (patch.Name is not null)
        {
            Set("account_name", Text(patch.Name));
        }

        if (patch.SetsOrgId)
        {
            Set("org_id", Text(patch.OrgId));
        }

        foreach (var (name, value) in patch.Limits)
        {
            // Only names of the list ever stand in the statement.
            Set(AccountLimit.Find(name)?.Name ?? throw new ArgumentException($"No limit is called {name}.", nameof(patch)), Number(value));
        }

        if (sets.Count == 0)
        {
            return true;
        }

        command.CommandText = $"UPDATE public.accounts SET {string.Join(", ", sets)} WHERE account_id = $1 AND version = $2";
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) == 1;

        void Set(string column, NpgsqlParameter value)
        {
            command.Parameters.Add(value);
            sets.Add($"{column} = ${command.Parameters.Count}");
        }
    }

    /// <summary>Removes the account's row, and no other one that has its slug by now.</summary>
    public async Task DeleteAsync(Account account, CancellationToken cancellation)
    {
        await using var command = system.Command("DELETE FROM public.accounts WHERE account_id = $1 AND account_uid = $2");
        command.Parameters.Add(Text(account.Id.Value));
        command.Parameters.Add(new() { Value = account.Uid });
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task<List<AccountRow>> ReadRowsAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        var rows = new List<AccountRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            // A reserved or malformed name can stand in the table only where somebody dropped its checks: never an account.
            if (AccountId.TryParse(reader.GetString(0), out var id) && !id.IsReserved
                && AccountStatusText.TryParse(reader.GetString(2), out var status))
            {
                rows.Add(new AccountRow(Row(reader, id, status), reader.GetBoolean(14)));
            }
        }

        return rows;
    }

    private static Account Row(NpgsqlDataReader reader, AccountId id, AccountStatus status) => new()
    {
        Id = id,
        Name = reader.GetString(1),
        Status = status,
        StatusReason = TextOf(reader, 3),
        OrgId = TextOf(reader, 4),
        RoleName = TextOf(reader, 5),
        CreatedAt = reader.GetFieldValue<DateTimeOffset>(6),
        Version = reader.GetInt64(7),
        Uid = reader.GetGuid(15),
        Limits = new AccountLimits
        {
            MaxLanes = NumberOf(reader, 8),
            MaxQueue = NumberOf(reader, 9),
            WaitTimeoutMs = NumberOf(reader, 10),
            StatementTimeoutMs = NumberOf(reader, 11),
            MaxResultBytes = NumberOf(reader, 12),
            RequestsPerSecond = NumberOf(reader, 13),
        },
    };

    private static IEnumerable<int?> Values(AccountLimits limits) =>
    [
        limits.MaxLanes, limits.MaxQueue, limits.WaitTimeoutMs, limits.StatementTimeoutMs, limits.MaxResultBytes,
        limits.RequestsPerSecond,
    ];

    private static string? TextOf(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static int? NumberOf(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt32(column);

    private static NpgsqlParameter Text(string? value) =>
        new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };

    private static NpgsqlParameter Number(int? value) =>
        new() { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer, Value = (object?)value ?? DBNull.Value };
}
