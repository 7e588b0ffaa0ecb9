using Npgsql;

namespace Kataven.IsolationBench;

/// <summary>A connection of an account's role, with the question whose database it is in, and without.</summary>
internal static class LaneOpening
{
    private const string Question =
        "SELECT pg_catalog.current_database(), session_user, i.account_uid::text, i.isolation_version, i.server_major FROM _kataven.identity i";

    public static async Task<Comparison> MeasureAsync(BenchService service, int repeats)
    {
        var account = await service.NewAccountAsync("lane");
        var builder = new NpgsqlSlimDataSourceBuilder(await service.LoginAsync(account));
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        await using var source = builder.Build();
        return await Comparison.OfTimesAsync(repeats, _ => OpenAsync(source, true), _ => OpenAsync(source, false));
    }

    private static async Task OpenAsync(NpgsqlDataSource source, bool asks)
    {
        await using var connection = await source.OpenConnectionAsync();
        if (asks)
        {
            await using var command = new NpgsqlCommand(Question, connection);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
            }
        }
    }
}
