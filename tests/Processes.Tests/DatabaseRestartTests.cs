using System.Diagnostics;
using System.Net;
using Kataven.Testing;
using Kataven.Testing.Cluster;

namespace Kataven.Processes.Tests;

[Collection<OwnServerCollection>]
public sealed class DatabaseRestartTests(OwnServerCluster own, ITestOutputHelper output)
{
    private const int Accounts = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>What the contract gives.</summary>
    private static readonly TimeSpan ServesWithin = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan Away = TimeSpan.FromSeconds(4);

    [Theory]
    [InlineData("fast")]
    [InlineData("immediate")]
    public async Task When_PostgreSQL_restarts_under_load_reads_wait_writes_that_may_have_run_are_told_and_everything_serves_again(string mode)
    {
        var (server, cluster) = (own.Server, own.Cluster);
        await cluster.MakeWholeAsync();
        await using var traffic = await Traffic.StartAsync(cluster, [.. Enumerable.Range(1, Accounts).Select(i => $"{mode}{i}")], clients: 24, perSecond: 100);
        await traffic.MoreAsync(each: 8, Patience);
        var processes = cluster.Members.Select(member => member.Process).ToArray();
        var read = cluster.Calls.QueryAsync($"{mode}1", "SELECT 5 FROM pg_sleep(3)", readOnly: true);
        var write = cluster.Calls.QueryAsync($"{mode}1", "UPDATE entry SET id = id FROM pg_sleep(60)");
        await Eventually.Async(
            async () => await server.CountAsync("SELECT FROM pg_stat_activity WHERE state = 'active' AND query ~ 'pg_sleep.(3|60).$'") == 2, Patience, "both run");

        // A silo without an account opens no connection: it has nothing to find out.
        var places = (await cluster.PlacesAsync()).Where(place => place.Key.StartsWith(mode, StringComparison.Ordinal)).ToLookup(place => place.Value);
        output.WriteLine(string.Join(", ", places.Select(silo => $"{silo.Key}: {silo.Count()} accounts")));
        var before = cluster.Silos.Where(silo => places.Contains(silo.Name)).ToDictionary(silo => silo, silo => silo.Output.Length);
        Assert.NotEmpty(before);
        await server.StopAsync(immediate: mode == "immediate");
        var stopped = Stopwatch.GetTimestamp();
        await Eventually.Async(
            () => Stopwatch.GetElapsedTime(stopped) > Away && before.All(silo => silo.Key.Output[silo.Value..].Contains("PostgreSQL takes no connections", StringComparison.Ordinal)),
            Patience,
            "the silos have found it away");
        await server.Server.StartAgainAsync(TestContext.Current.CancellationToken);

        var back = Stopwatch.GetTimestamp();
        await traffic.MoreAsync(each: 5, ServesWithin);
        output.WriteLine($"Every client was answered five times within {Stopwatch.GetElapsedTime(back).TotalSeconds:0.0} s.");
        await traffic.EndAsync();
        Assert.Equal(HttpStatusCode.OK, (await read).Status);
        Assert.Equal("outcome_unknown", (await write).Body.GetProperty("code").GetString());
        output.WriteLine($"{traffic.Answered.Count} requests, the slowest took {traffic.Slowest.TotalSeconds:0.0} s; {traffic.Failures.Count} failed.");
        Assert.True(traffic.Failures.All(failure => failure is { IsWrite: true, Code: "outcome_unknown" }), string.Join('\n', traffic.Failures.Take(10)) + cluster.Output);
        Assert.Empty(await traffic.FindLossAsync(server.ConnectionString));
        Assert.All(processes, process => Assert.False(process.HasExited));
    }
}
