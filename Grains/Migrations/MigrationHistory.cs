using System.Globalization;
using Kataven.Grains.Isolation;
using Npgsql;
using NpgsqlTypes;

namespace Kataven.Grains.Migrations;

/// <summary>
/// An account's own table of migrations, by the service's connection in its database. What it says is written in transactions of the
/// service's own, which those of the scripts cannot take back.
/// </summary>
internal static class MigrationHistory
{
    /// <summary>Any number that nobody else locks by in an account's database.</summary>
    private const long Lock = 0x6b617461_6d696731;

    /// <summary>
    /// The first of the two numbers by which the service vouches for a connection of the account's role, of which the second is the
    /// process: a new owner of the account does not end it.
    /// </summary>
    public const string ScriptsLock = "1801545017";

    private const string Question = """
        SELECT m.version, m.description, m.checksum, m.state = 'applied', m.xid,
               CASE WHEN m.state <> 'applied' AND m.xid IS NOT NULL THEN pg_xact_status(m.xid) END,
               m.statements_done, m.invalid_before, m.applied_at, m.duration_ms, m.applied_by
          FROM _kataven.migration m ORDER BY m.version
        """;

    public static async Task<IReadOnlyList<AppliedMigration>> ReadAsync(NpgsqlConnection service, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Question, service);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var rows = new List<AppliedMigration>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            rows.Add(new AppliedMigration
            {
                Version = reader.GetInt32(0),
                Description = reader.GetString(1),
                Checksum = reader.GetString(2),
                IsApplied = reader.GetBoolean(3),
                Xid = reader.IsDBNull(4) ? null : reader.GetFieldValue<ulong>(4),
                Outcome = reader.IsDBNull(5) ? null : reader.GetString(5),
                StatementsDone = reader.GetInt32(6),
                InvalidBefore = reader.IsDBNull(7) ? [] : reader.GetFieldValue<uint[]>(7),
                AppliedAt = reader.IsDBNull(8) ? null : reader.GetFieldValue<DateTimeOffset>(8),
                DurationMs = reader.IsDBNull(9) ? null : reader.GetInt64(9),
                Attempt = reader.IsDBNull(10) ? null : reader.GetGuid(10),
            });
        }

        return rows;
    }

    /// <summary>Of a database that may not be the account's: null where it is not, and then nothing of it was read.</summary>
    public static async Task<IReadOnlyList<AppliedMigration>?> ReadOwnAsync(NpgsqlConnection service, Guid accountUid, CancellationToken cancellation)
    {
        var stamp = await DatabaseStamp.ReadAsync(service, cancellation).ConfigureAwait(false);
        return !stamp.IsOf(accountUid) ? null : stamp.HasMigrations ? await ReadAsync(service, cancellation).ConfigureAwait(false) : [];
    }

    /// <summary>As long as the service's connection lives, the process is a migration's.</summary>
    public static Task VouchAsync(NpgsqlConnection service, int processId, CancellationToken cancellation) =>
        ExecuteAsync(service, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_lock({ScriptsLock}, {processId})"), cancellation);

    /// <summary>The process has ended: its number may be another's by now.</summary>
    public static Task VouchNoMoreAsync(NpgsqlConnection service, int processId, CancellationToken cancellation) =>
        ExecuteAsync(service, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_unlock({ScriptsLock}, {processId})"), cancellation);

    /// <summary>Lets nobody else migrate the account for as long as the connection lives; false where somebody does.</summary>
    public static async Task<bool> TryLockAsync(NpgsqlConnection service, TimeSpan wait, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(service) { Timeout = 0 };
        batch.BatchCommands.Add(new($"SET lock_timeout = {(long)wait.TotalMilliseconds}"));
        batch.BatchCommands.Add(new($"SELECT pg_advisory_lock({Lock})"));
        try
        {
            await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            return true;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            return false;
        }
    }

    /// <summary>Writes down that a script is about to be committed, or, without a transaction, begun.</summary>
    public static Task IntendAsync(NpgsqlConnection service, AppliedMigration row, CancellationToken cancellation) => ExecuteAsync(
        service,
        """
        INSERT INTO _kataven.migration (version, description, checksum, state, xid, statements_done, invalid_before, started_at, applied_by)
        VALUES ($1, $2, $3, 'intended', $4, $5, $6, statement_timestamp(), $7)
        ON CONFLICT (version) DO UPDATE
           SET description = excluded.description, checksum = excluded.checksum, state = excluded.state, xid = excluded.xid,
               statements_done = excluded.statements_done, invalid_before = excluded.invalid_before, started_at = excluded.started_at,
               applied_by = excluded.applied_by
        """,
        cancellation,
        new() { Value = row.Version },
        new() { Value = row.Description },
        new() { Value = row.Checksum },
        new() { Value = row.Xid ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Xid8 },
        new() { Value = row.StatementsDone },
        new() { Value = row.InvalidBefore, NpgsqlDbType = NpgsqlDbType.Oid | NpgsqlDbType.Array },
        new() { Value = row.Attempt ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });

    /// <summary>Writes down how far a script without a transaction has come, where this attempt is still the one that runs it.</summary>
    public static Task<int> NoteAsync(NpgsqlConnection service, AppliedMigration row, int statementsDone, CancellationToken cancellation) => ExecuteAsync(
        service,
        "UPDATE _kataven.migration SET statements_done = $2 WHERE version = $1 AND state = 'intended' AND applied_by = $3",
        cancellation,
        new() { Value = row.Version },
        new() { Value = statementsDone },
        new() { Value = row.Attempt!.Value });

    /// <summary>The attempt ended in an orderly way: the first statement that is not noted as done did certainly not happen.</summary>
    public static Task<int> StopAsync(NpgsqlConnection service, int version, CancellationToken cancellation) => ExecuteAsync(
        service,
        "UPDATE _kataven.migration SET applied_by = NULL WHERE version = $1 AND state = 'intended'",
        cancellation,
        new NpgsqlParameter { Value = version });

    /// <summary>Writes down that it is applied; false where its transaction was not committed.</summary>
    public static async Task<bool> RecordAsync(NpgsqlConnection service, int version, TimeSpan? took, CancellationToken cancellation) => await ExecuteAsync(
        service,
        """
        UPDATE _kataven.migration SET state = 'applied', applied_at = statement_timestamp(),
               duration_ms = coalesce($2, (extract(epoch FROM statement_timestamp() - started_at) * 1000)::bigint)
         WHERE version = $1 AND state = 'intended' AND (xid IS NULL OR pg_xact_status(xid) = 'committed')
        """,
        cancellation,
        new() { Value = version },
        new() { Value = took is { } time ? (long)time.TotalMilliseconds : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint }).ConfigureAwait(false) > 0;

    public static Task<int> WithdrawAsync(NpgsqlConnection service, int version, CancellationToken cancellation) => ExecuteAsync(
        service,
        "DELETE FROM _kataven.migration WHERE version = $1 AND state = 'intended'",
        cancellation,
        new NpgsqlParameter { Value = version });

    /// <summary>
    /// Writes what a restored database had applied, and how far scripts without a transaction had come: its table is empty. One with a
    /// transaction that was not committed did nothing.
    /// </summary>
    public static async Task WriteAllAsync(NpgsqlConnection service, IReadOnlyCollection<AppliedMigration> rows, CancellationToken cancellation)
    {
        foreach (var row in rows.Where(row => row.IsInForce))
        {
            await ExecuteAsync(
                service,
                """
                INSERT INTO _kataven.migration (version, description, checksum, state, statements_done, started_at, applied_at, duration_ms)
                VALUES ($1, $2, $3, 'applied', $4, coalesce($5, statement_timestamp()), coalesce($5, statement_timestamp()), coalesce($6, 0))
                ON CONFLICT (version) DO NOTHING
                """,
                cancellation,
                new() { Value = row.Version },
                new() { Value = row.Description },
                new() { Value = row.Checksum },
                new() { Value = row.StatementsDone },
                new() { Value = row.AppliedAt is { } at ? at.UtcDateTime : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new() { Value = row.DurationMs ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint }).ConfigureAwait(false);
        }

        foreach (var row in rows.Where(row => row is { IsInForce: false, Xid: null }))
        {
            // A dump has no invalid index of those that a script leaves, and another database other numbers for those that it has.
            var invalid = await InvalidIndexes.ReadAsync(service, cancellation).ConfigureAwait(false);
            await IntendAsync(service, row with { InvalidBefore = invalid }, cancellation).ConfigureAwait(false);
        }
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection service, string sql, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, service);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }
}
