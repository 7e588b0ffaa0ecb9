using System.Collections.Immutable;
using Kataven.Accounts;
using Kataven.Grains.Accounts;
using Kataven.Rollouts;
using Npgsql;
using NpgsqlTypes;

namespace Kataven.Grains.Rollouts;

/// <summary>Reads and writes <c>kataven.rollout_account</c>: who has a row is done.</summary>
internal sealed class RolloutTable(SystemDatabase system)
{
    private const string Left = """
        FROM public.accounts a
        WHERE a.status = 'active' AND EXISTS (SELECT FROM pg_database d WHERE d.datname = a.database_name) AND NOT EXISTS (SELECT FROM kataven.rollout_account r WHERE r.rollout_id = $1 AND r.account_id = a.account_id)
        """;

    /// <summary>The active accounts that are not done, by slug. One without a database is not there yet.</summary>
    public async Task<List<AccountId>> LeftAsync(Guid rollout, CancellationToken cancellation)
    {
        await using var command = Command($"SELECT a.account_id {Left} ORDER BY a.account_id", rollout);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var left = new List<AccountId>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            // Another can stand in the table only where somebody dropped its checks: never an account.
            if (AccountId.TryParse(reader.GetString(0), out var id) && !id.IsReserved)
            {
                left.Add(id);
            }
        }

        return left;
    }

    public async Task<int> CountLeftAsync(Guid rollout, CancellationToken cancellation)
    {
        await using var command = Command($"SELECT count(*)::integer {Left}", rollout);
        return (int)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }

    public async Task<(int Succeeded, int Failed)> CountAsync(Guid rollout, CancellationToken cancellation)
    {
        await using var command = Command(
            "SELECT count(*) FILTER (WHERE succeeded)::integer, count(*) FILTER (WHERE NOT succeeded)::integer FROM kataven.rollout_account WHERE rollout_id = $1",
            rollout);
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        return (reader.GetInt32(0), reader.GetInt32(1));
    }

    /// <summary>The first of them.</summary>
    public async Task<ImmutableArray<RolloutFailure>> FailuresAsync(Guid rollout, int limit, CancellationToken cancellation)
    {
        await using var command = Command("""
            SELECT account_id, version, sql_state, message FROM kataven.rollout_account
             WHERE rollout_id = $1 AND NOT succeeded ORDER BY finished_at, account_id LIMIT $2
            """, rollout);
        command.Parameters.Add(new() { Value = limit });
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var failures = ImmutableArray.CreateBuilder<RolloutFailure>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            failures.Add(new RolloutFailure(
                reader.GetString(0),
                reader.IsDBNull(1) ? null : reader.GetInt32(1),
                reader.IsDBNull(2) ? null : reader.GetString(2),
                reader.IsDBNull(3) ? null : reader.GetString(3)));
        }

        return failures.ToImmutable();
    }

    /// <summary>False where the account has a row already: how it ended first, stands.</summary>
    public async Task<bool> TryAddAsync(Guid rollout, RolloutOutcome outcome, CancellationToken cancellation)
    {
        await using var command = Command("""
            INSERT INTO kataven.rollout_account (rollout_id, account_id, succeeded, version, sql_state, message)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
            """, rollout);
        command.Parameters.Add(new() { Value = outcome.Account.Value });
        command.Parameters.Add(new() { Value = outcome.End == RolloutEnd.Succeeded });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Integer, Value = (object?)outcome.Version ?? DBNull.Value });
        command.Parameters.Add(Text(outcome.SqlState));
        command.Parameters.Add(Text(outcome.End == RolloutEnd.Succeeded ? null : outcome.Message));
        return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) == 1;
    }

    public async Task ForgetAsync(Guid rollout, CancellationToken cancellation)
    {
        await using var command = Command("DELETE FROM kataven.rollout_account WHERE rollout_id = $1", rollout);
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    private NpgsqlCommand Command(string sql, Guid rollout)
    {
        var command = system.Command(sql);
        command.Parameters.Add(new() { Value = rollout });
        return command;
    }

    private static NpgsqlParameter Text(string? value) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };
}
