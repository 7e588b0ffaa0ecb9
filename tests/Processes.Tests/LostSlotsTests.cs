using System.Net;
using Kataven.Cluster.Tests.Silos;
using Kataven.Testing;
using Kataven.Testing.Cluster;

namespace Kataven.Processes.Tests;

/// <summary>What a silo held of the budget when it was killed.</summary>
public sealed class LostSlotsTests(ClusterServer server)
{
    private const int Budget = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Slots_of_a_silo_that_was_killed_come_back_when_its_connections_are_gone_and_not_before()
    {
        var clusterId = $"test-{Guid.NewGuid():N}";
        await using var cluster = await RealCluster.StartAsync(server.ServiceConnectionString, new ClusterPlan
        {
            Settings = new Dictionary<string, string>
            {
                ["Kataven__Cluster__ClusterId"] = clusterId,
                ["Kataven__Connections__Budget"] = $"{Budget}",
                ["Kataven__Tenants__Limits__WaitTimeout"] = "00:00:02",
            },
        });
        await using var mover = await AccountMover.StartAsync(cluster, clusterId);
        await cluster.CreateAccountAsync("lostslots");
        await cluster.CreateAccountAsync("others");
        await mover.MoveAsync("lostslots", cluster.Silos[1].Name);
        // No signal but the end of its process reaches it, and it does not notice that its silo is gone.
        var running = Enumerable.Range(0, Budget)
            .Select(_ => cluster.Calls.CallAsync("lostslots", HttpMethod.Post, "/api/query", new { sql = "SELECT pg_sleep(600)", read_only = false })).ToList();
        await Eventually.Async(async () => await AsleepAsync() == Budget, Patience, "all slots are used");

        await cluster.Silos[1].KillAsync();

        await Task.WhenAll(running);
        var waiting = await cluster.Calls.QueryAsync("others", "SELECT 7");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "overloaded"), (waiting.Status, waiting.Body.GetProperty("code").GetString()));
        Assert.Equal(Budget, await AsleepAsync());

        await server.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'lostslots'");
        await Eventually.Async(
            async () => (await cluster.Calls.QueryAsync("others", "SELECT 7")).Status == HttpStatusCode.OK, Patience, "the slots are there again");
    }

    private Task<long> AsleepAsync() =>
        server.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = 'lostslots' AND wait_event = 'PgSleep'");
}
