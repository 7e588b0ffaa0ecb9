using Kataven.Accounts;
using Kataven.Backups;
using Kataven.Grains.Accounts;
using Npgsql;
using NpgsqlTypes;

namespace Kataven.Grains.Backups;

/// <summary>Reads and writes <c>kataven.backup</c> and <c>kataven.backup_schedule</c>.</summary>
internal sealed class BackupTable(SystemDatabase system)
{
    /// <summary>One that failed is not tried again before.</summary>
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMinutes(10);

    private const string Columns = """
        b.backup_id, b.account_id, b.account_uid, b.reason, b.status, b.bytes, b.sha256, b.schema_version, b.server_version, b.manifest::text,
        b.started_at, b.finished_at, b.verified_at, b.keep_until
        """;

    /// <summary>Notes that one is being made, again where an earlier attempt had failed.</summary>
    public async Task BeginAsync(Guid id, Account account, string reason, CancellationToken cancellation)
    {
        await using var command = system.Command("""
            INSERT INTO kataven.backup AS b (backup_id, account_id, account_uid, reason) VALUES ($1, $2, $3, $4)
            ON CONFLICT (backup_id) DO UPDATE SET status = 'running', finished_at = NULL WHERE b.status = 'failed'
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = account.Id.Value });
        command.Parameters.Add(new() { Value = account.Uid });
        command.Parameters.Add(new() { Value = reason });
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    public async Task CompleteAsync(Backup backup, CancellationToken cancellation)
    {
        await using var command = system.Command("""
            UPDATE kataven.backup SET status = 'complete', bytes = $2, sha256 = $3, schema_version = $4, server_version = $5, manifest = $6,
                   keep_until = $7, finished_at = now() WHERE backup_id = $1 AND status = 'running'
            """);
        command.Parameters.Add(new() { Value = backup.Id });
        command.Parameters.Add(new() { Value = backup.Bytes!.Value });
        command.Parameters.Add(new() { Value = backup.Sha256! });
        command.Parameters.Add(new() { Value = backup.SchemaVersion ?? 0 });
        command.Parameters.Add(new() { Value = backup.ServerVersion! });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = (object?)backup.Manifest ?? DBNull.Value });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = (object?)backup.KeepUntil?.UtcDateTime ?? DBNull.Value });
        if (await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) == 0)
        {
            throw new InvalidOperationException("The backup is not being made any more.");
        }
    }

    public Task FailAsync(Guid id, CancellationToken cancellation) =>
        ExecuteAsync("UPDATE kataven.backup SET status = 'failed', finished_at = now() WHERE backup_id = $1 AND status = 'running'", id, cancellation);

    public Task VerifiedAsync(Guid id, CancellationToken cancellation) =>
        ExecuteAsync("UPDATE kataven.backup SET verified_at = now() WHERE backup_id = $1", id, cancellation);

    public Task DeleteAsync(Guid id, CancellationToken cancellation) =>
        ExecuteAsync("DELETE FROM kataven.backup WHERE backup_id = $1", id, cancellation);

    public async Task<Backup?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = system.Command($"SELECT {Columns} FROM kataven.backup b WHERE b.backup_id = $1");
        command.Parameters.Add(new() { Value = id });
        return (await ReadAsync(command, cancellation).ConfigureAwait(false)) is [var backup] ? backup : null;
    }

    public async Task<List<Backup>> ListAsync(AccountId account, CancellationToken cancellation)
    {
        await using var command = system.Command($"SELECT {Columns} FROM kataven.backup b WHERE b.account_id = $1 ORDER BY b.started_at DESC, b.backup_id");
        command.Parameters.Add(new() { Value = account.Value });
        return await ReadAsync(command, cancellation).ConfigureAwait(false);
    }

    /// <summary>Says of backups whose account is gone, however it went, how long they are kept.</summary>
    public async Task ExpireOrphansAsync(TimeSpan keep, CancellationToken cancellation)
    {
        await using var command = system.Command("""
            UPDATE kataven.backup b SET keep_until = now() + $1
             WHERE b.status = 'complete' AND b.keep_until IS NULL AND NOT EXISTS (SELECT FROM public.accounts a WHERE a.account_uid = b.account_uid)
            """);
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Interval, Value = keep });
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Those whose time is over, and scheduled ones beyond the number that their account keeps.</summary>
    /// <param name="defaultKeep">For accounts without a schedule of their own.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<List<Backup>> ListExpiredAsync(int defaultKeep, CancellationToken cancellation)
    {
        await using var command = system.Command($"""
            SELECT {Columns} FROM kataven.backup b WHERE b.keep_until < now()
            UNION ALL
            SELECT {Columns} FROM (
                SELECT *, row_number() OVER (PARTITION BY account_uid ORDER BY started_at DESC) AS place FROM kataven.backup
                 WHERE reason = 'scheduled' AND status = 'complete' AND keep_until IS NULL) b
              LEFT JOIN kataven.backup_schedule s ON s.account_id = b.account_id
             WHERE b.place > coalesce(s.keep, $1)
            UNION ALL
            SELECT {Columns} FROM kataven.backup b WHERE b.status = 'failed' AND b.started_at < now() - interval '7 days'
            """);
        command.Parameters.Add(new() { Value = defaultKeep });
        return await ReadAsync(command, cancellation).ConfigureAwait(false);
    }

    /// <summary>Active accounts whose schedule says that it is time, the one that waits longest first.</summary>
    /// <param name="defaultEvery">For accounts without a schedule of their own; null for none.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<List<AccountId>> ListDueAsync(TimeSpan? defaultEvery, int limit, CancellationToken cancellation)
    {
        await using var command = system.Command("""
            SELECT a.account_id
              FROM public.accounts a
              LEFT JOIN kataven.backup_schedule s ON s.account_id = a.account_id
              LEFT JOIN LATERAL (
                  SELECT max(b.started_at) FILTER (WHERE b.status <> 'failed') AS at, max(b.finished_at) FILTER (WHERE b.status = 'failed') AS failed_at
                    FROM kataven.backup b WHERE b.account_uid = a.account_uid AND b.reason = 'scheduled') last ON true
             WHERE a.status = 'active' AND coalesce(s.every, $1) IS NOT NULL
               AND EXISTS (SELECT FROM pg_database d WHERE d.datname = a.database_name AND d.datallowconn)
               AND coalesce(last.at, a.created_at) + coalesce(s.every, $1) <= now()
               AND coalesce(last.failed_at + $3, now()) <= now()
               AND NOT EXISTS (SELECT FROM kataven.operation_claim c WHERE c.account_id = a.account_id)
             ORDER BY coalesce(last.at, a.created_at) LIMIT $2
            """);
        command.Parameters.Add(Interval(defaultEvery));
        command.Parameters.Add(new() { Value = limit });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Interval, Value = TryAgainAfter });
        var due = new List<AccountId>();
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            if (AccountId.TryParse(reader.GetString(0), out var account))
            {
                due.Add(account);
            }
        }

        return due;
    }

    /// <summary>
    /// The newest complete backup of each account whose last proof is older than it should be. One whose proof failed, or runs, is not
    /// tried again before a day has gone.
    /// </summary>
    /// <param name="defaultEvery">For accounts without a schedule of their own; null for never.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<List<Backup>> ListToVerifyAsync(TimeSpan? defaultEvery, int limit, CancellationToken cancellation)
    {
        await using var command = system.Command($"""
            SELECT {Columns}
              FROM public.accounts a
              LEFT JOIN kataven.backup_schedule s ON s.account_id = a.account_id
              JOIN LATERAL (
                  SELECT * FROM kataven.backup n WHERE n.account_uid = a.account_uid AND n.status = 'complete' ORDER BY n.started_at DESC LIMIT 1) b ON true
             WHERE a.status = 'active' AND b.verified_at IS NULL
               AND (CASE WHEN s.account_id IS NULL THEN $1 ELSE s.verify_every END) IS NOT NULL
               AND NOT EXISTS (SELECT FROM kataven.backup v WHERE v.account_uid = a.account_uid
                                  AND v.verified_at > now() - (CASE WHEN s.account_id IS NULL THEN $1 ELSE s.verify_every END))
               AND NOT EXISTS (SELECT FROM kataven.operation o WHERE o.account_id = a.account_id AND o.kind = 'verification' AND o.created_at > now() - interval '1 day'
                                  AND o.status <> 'succeeded')
             ORDER BY b.started_at LIMIT $2
            """);
        command.Parameters.Add(Interval(defaultEvery));
        command.Parameters.Add(new() { Value = limit });
        return await ReadAsync(command, cancellation).ConfigureAwait(false);
    }

    public async Task<BackupSchedule?> FindScheduleAsync(AccountId account, CancellationToken cancellation)
    {
        await using var command = system.Command("SELECT every, keep, verify_every FROM kataven.backup_schedule WHERE account_id = $1");
        command.Parameters.Add(new() { Value = account.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false)
            ? new BackupSchedule(reader.GetTimeSpan(0), reader.GetInt32(1), reader.IsDBNull(2) ? null : reader.GetTimeSpan(2))
            : null;
    }

    public async Task SetScheduleAsync(AccountId account, BackupSchedule schedule, CancellationToken cancellation)
    {
        await using var command = system.Command("""
            INSERT INTO kataven.backup_schedule (account_id, every, keep, verify_every) VALUES ($1, $2, $3, $4)
            ON CONFLICT (account_id) DO UPDATE SET every = excluded.every, keep = excluded.keep, verify_every = excluded.verify_every
            """);
        command.Parameters.Add(new() { Value = account.Value });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Interval, Value = schedule.Every });
        command.Parameters.Add(new() { Value = schedule.Keep });
        command.Parameters.Add(Interval(schedule.VerifyEvery));
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    public async Task RemoveScheduleAsync(AccountId account, CancellationToken cancellation)
    {
        await using var command = system.Command("DELETE FROM kataven.backup_schedule WHERE account_id = $1");
        command.Parameters.Add(new() { Value = account.Value });
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private async Task ExecuteAsync(string sql, Guid id, CancellationToken cancellation)
    {
        await using var command = system.Command(sql);
        command.Parameters.Add(new() { Value = id });
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task<List<Backup>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        var backups = new List<Backup>();
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            backups.Add(new Backup
            {
                Id = reader.GetGuid(0),
                AccountId = reader.GetString(1),
                AccountUid = reader.GetGuid(2),
                Reason = reader.GetString(3),
                Status = reader.GetString(4),
                Bytes = reader.IsDBNull(5) ? null : reader.GetInt64(5),
                Sha256 = reader.IsDBNull(6) ? null : reader.GetString(6),
                SchemaVersion = reader.IsDBNull(7) ? null : reader.GetInt32(7),
                ServerVersion = reader.IsDBNull(8) ? null : reader.GetString(8),
                Manifest = reader.IsDBNull(9) ? null : reader.GetString(9),
                StartedAt = reader.GetFieldValue<DateTimeOffset>(10),
                FinishedAt = TimeOf(reader, 11),
                VerifiedAt = TimeOf(reader, 12),
                KeepUntil = TimeOf(reader, 13),
            });
        }

        return backups;
    }

    private static NpgsqlParameter Interval(TimeSpan? value) => new() { NpgsqlDbType = NpgsqlDbType.Interval, Value = (object?)value ?? DBNull.Value };

    private static DateTimeOffset? TimeOf(NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
}
