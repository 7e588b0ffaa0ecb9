using Kataven.Audit;
using Kataven.Grains.Accounts;
using Npgsql;
using NpgsqlTypes;

namespace Kataven.Grains.Audit;

/// <summary>Writes <c>kataven.audit</c>.</summary>
internal sealed class AuditLog(SystemDatabase system)
{
    /// <summary>The entry's id.</summary>
    public async Task<long> WriteAsync(AuditEntry entry, CancellationToken cancellation)
    {
        await using var command = system.Command("""
            INSERT INTO kataven.audit (actor, action, account_id, outcome, trace_id) VALUES ($1, $2, $3, $4, $5) RETURNING id
            """);
        command.Parameters.Add(Text(entry.Actor));
        command.Parameters.Add(Text(entry.Action));
        command.Parameters.Add(Text(entry.AccountId));
        command.Parameters.Add(Text(entry.Outcome));
        command.Parameters.Add(Text(entry.TraceId));
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    private static NpgsqlParameter Text(string? value) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };
}
