using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Kataven.Testing;
using Kataven.Testing.Cluster;

namespace Kataven.Processes.Tests;

[Collection<StandingClusterCollection>]
public sealed class FrontDrainTests(StandingCluster standing)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_front_door_that_stops_says_so_takes_requests_for_its_notice_and_lets_end_what_runs()
    {
        var cluster = await standing.WholeAsync();
        await cluster.CreateAccountAsync("drained");
        var front = cluster.Add("Api", "draining", new Dictionary<string, string> { ["Kataven__Drain__Notice"] = "00:00:12" });
        await front.StartAsync();
        var token = await cluster.CallsOf(front).TokenAsync("drained");
        using var client = Client(front, token);
        using (var before = await QueryAsync(client, "SELECT 1"))
        {
            Assert.NotEqual(true, before.Headers.ConnectionClose);
        }

        var outlasts = QueryAsync(client, "SELECT 7 FROM pg_sleep(16)");
        await Eventually.Async(
            async () => await standing.Server.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(16)%' AND state = 'active' AND datname = 'drained'") == 1,
            Patience,
            "it runs");

        var stopped = front.StopAsync();
        await Eventually.Async(async () => (await front.ReadinessAsync()) is (HttpStatusCode.ServiceUnavailable, var body) && body.Contains("draining"), Patience, "it says so");

        using (var kept = await QueryAsync(client, "SELECT 1"))
        {
            Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
            Assert.True(kept.Headers.ConnectionClose);
        }

        using (var another = Client(front, token))
        using (var taken = await QueryAsync(another, "SELECT 1"))
        {
            Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
            Assert.True(taken.Headers.ConnectionClose);
        }

        using var ended = await outlasts;
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        Assert.InRange(await stopped, TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(30));
    }

    private static HttpClient Client(Kataven.Testing.Cluster.ClusterMember front, string token)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = front.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static Task<HttpResponseMessage> QueryAsync(HttpClient client, string sql) =>
        client.PostAsJsonAsync("/api/query", new { sql }, TestContext.Current.CancellationToken);
}
