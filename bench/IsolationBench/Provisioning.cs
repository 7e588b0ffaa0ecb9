using Kataven.Accounts;
using Npgsql;

namespace Kataven.IsolationBench;

/// <summary>An account of the service against the least that one database a tenant takes.</summary>
internal static class Provisioning
{
    public static Task<Comparison> MeasureAsync(BenchService service, int repeats) => Comparison.OfTimesAsync(
        repeats,
        async i =>
        {
            var made = await service.Grains.GetGrain<IAccountGrain>($"made-{i + 1}").CreateAsync(new NewAccount("Made", null, AccountLimits.Default));
            if (made.Refusal is { } refusal)
            {
                throw new InvalidOperationException(refusal.Detail);
            }
        },
        async i =>
        {
            var name = $"bare_{i + 1}";
            await using var connection = new NpgsqlConnection(service.ConnectionString);
            await connection.OpenAsync();
            foreach (var statement in (string[])
                [$"CREATE ROLE {name} LOGIN PASSWORD 'bare'", $"CREATE DATABASE {name} OWNER {name} TEMPLATE template1", $"REVOKE ALL ON DATABASE {name} FROM PUBLIC"])
            {
                await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 120 };
                await command.ExecuteNonQueryAsync();
            }
        });
}
