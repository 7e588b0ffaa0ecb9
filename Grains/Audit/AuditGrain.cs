using System.Collections.Immutable;
using Kataven.Audit;
using Kataven.Grains.Accounts;
using Npgsql;
using NpgsqlTypes;
using Orleans.Concurrency;

namespace Kataven.Grains.Audit;

/// <summary>Writes and reads <c>kataven.audit</c>.</summary>
[StatelessWorker, Reentrant]
internal sealed class AuditGrain(SystemDatabase system) : Grain, IAuditGrain
{
    public async Task<long> BeginAsync(AuditEntry entry)
    {
        await using var command = system.Command("""
            INSERT INTO kataven.audit (actor, action, account_id, outcome, trace_id) VALUES ($1, $2, $3, $4, $5) RETURNING id
            """);
        command.Parameters.Add(Text(entry.Actor));
        command.Parameters.Add(Text(entry.Action));
        command.Parameters.Add(Text(entry.AccountId));
        command.Parameters.Add(Text(entry.Outcome));
        command.Parameters.Add(Text(entry.TraceId));
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async Task NameAsync(long id, string accountId)
    {
        await using var command = system.Command("UPDATE kataven.audit SET account_id = $2 WHERE id = $1");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(Text(accountId));
        await command.ExecuteNonQueryAsync();
    }

    public async Task EndAsync(long id, string outcome, int status)
    {
        await using var command = system.Command("UPDATE kataven.audit SET outcome = $2, status = $3, finished_at = now() WHERE id = $1");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(Text(outcome));
        command.Parameters.Add(new() { Value = status });
        await command.ExecuteNonQueryAsync();
    }

    public async Task<AuditPage> ListAsync(string? accountId, long after, int limit)
    {
        await using var command = system.Command("""
            SELECT id, at, actor, action, account_id, outcome, status, trace_id FROM kataven.audit
             WHERE id > $1 AND ($2 IS NULL OR account_id = $2) ORDER BY id LIMIT $3
            """);
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(Text(accountId));
        command.Parameters.Add(new() { Value = limit + 1 });
        var entries = ImmutableArray.CreateBuilder<AuditEntry>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            entries.Add(Read(reader));
        }

        return entries.Count > limit
            ? new AuditPage([.. entries.Take(limit)], entries[limit - 1].Id)
            : new AuditPage(entries.ToImmutable(), null);
    }

    private static AuditEntry Read(NpgsqlDataReader reader) => new()
    {
        Id = reader.GetInt64(0),
        At = reader.GetFieldValue<DateTimeOffset>(1),
        Actor = reader.GetString(2),
        Action = reader.GetString(3),
        AccountId = reader.IsDBNull(4) ? null : reader.GetString(4),
        Outcome = reader.GetString(5),
        Status = reader.IsDBNull(6) ? null : reader.GetInt32(6),
        TraceId = reader.IsDBNull(7) ? null : reader.GetString(7),
    };

    private static NpgsqlParameter Text(string? value) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };
}
