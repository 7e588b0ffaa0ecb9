using Kataven.Chaos.Histories;
using Kataven.Chaos.Operating;
using Kataven.Chaos.Processes;
using Kataven.Testing;
using Npgsql;

namespace Kataven.Chaos.Tests.Operating;

public sealed class LaneSamplerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(2, 9, "system")]
    [InlineData(9, 2, "budget")]
    public async Task More_connections_than_are_allowed_are_seen_while_they_stay(int maxLanes, int budget, string of)
    {
        await using var server = await ChaosServer.StartAsync();
        await MakeSystemAsync(server);
        var recorder = new Recorder(new RunClock());
        var sampler = new LaneSampler(server, recorder, maxLanes, budget);
        using var stop = new CancellationTokenSource();
        var sampling = sampler.RunAsync(stop.Token);

        var lanes = new List<NpgsqlConnection> { await LaneAsync(server), await LaneAsync(server) };
        await Eventually.Async(() => sampler.MostOfOne == 2, Patience, "two are seen");
        Assert.Empty(recorder.ToHistory().Excesses);
        lanes.Add(await LaneAsync(server));
        await Eventually.Async(() => sampler.MostOfOne == 3, Patience, "three are seen");
        foreach (var lane in lanes)
        {
            await lane.DisposeAsync();
        }

        await Eventually.Async(() => recorder.ToHistory().Excesses.Count == 1, Patience, "it is over");
        await stop.CancelAsync();
        await sampling;
        var excess = Assert.Single(recorder.ToHistory().Excesses);
        Assert.Equal((of, 3, 2), (excess.Of, excess.Seen, excess.Limit));
    }

    private static async Task MakeSystemAsync(ChaosServer server)
    {
        await using var connection = await server.OpenAsync("postgres");
        await using var command = new NpgsqlCommand("CREATE DATABASE system", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<NpgsqlConnection> LaneAsync(ChaosServer server)
    {
        var settings = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = "system", Pooling = false, ApplicationName = "kataven" };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }
}
