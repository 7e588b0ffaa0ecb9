using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Kataven.Testing;
using Kataven.Testing.Cluster;

namespace Kataven.Processes.Tests;

[Collection<StandingClusterCollection>]
public sealed class ProcessTests(StandingCluster standing, ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>By itself, for whoever looks for what is wrong: <see cref="RollingRestartTests"/> does so to every process.</summary>
    [Fact]
    public async Task Two_silos_and_their_front_doors_answer_over_HTTP_and_a_silo_that_is_told_to_stop_loses_no_request()
    {
        Assert.SkipUnless(TestScope.IsWhole, TestScope.Reason);
        var cluster = await standing.WholeAsync();
        Assert.Equal(["front:front1:active", "front:front2:active", "silo:silo1:active", "silo:silo2:active"], await cluster.MembersAsync());
        var accounts = Enumerable.Range(1, 4).Select(i => $"real{i}").ToArray();
        foreach (var account in accounts)
        {
            await cluster.CreateAccountAsync(account);
        }

        using var enough = new CancellationTokenSource();
        var failures = new ConcurrentQueue<string>();
        var slowest = new ConcurrentBag<TimeSpan>();
        var askers = Enumerable.Range(0, 8).Select(i => AskAsync(cluster, accounts[i % 4], failures, slowest, enough.Token)).ToArray();
        await Eventually.Async(() => slowest.Count > 100, Patience, "requests are under way");

        var took = await cluster.Silos[1].StopAsync();

        var before = slowest.Count;
        await Eventually.Async(() => slowest.Count > before + 100, Patience, "requests go on");
        await enough.CancelAsync();
        await Task.WhenAll(askers);
        output.WriteLine($"The silo stopped in {took.TotalSeconds:0.0} s; {slowest.Count} requests, the slowest took {slowest.Max().TotalMilliseconds:0} ms.");
        Assert.True(failures.IsEmpty, string.Join('\n', failures.Take(5)) + cluster.Output);
        Assert.True(took < TimeSpan.FromSeconds(30), $"the silo took {took} to stop");
        await Eventually.Async(
            async () => (await cluster.MembersAsync()).SequenceEqual(["front:front1:active", "front:front2:active", "silo:silo1:active"]), Patience, "the silo has left");
    }

    [Fact]
    public async Task A_front_door_may_be_a_client_behind_the_gateways()
    {
        var cluster = await standing.WholeAsync();
        await cluster.CreateAccountAsync("outside");
        var front = cluster.Add("Api", "outside", new Dictionary<string, string> { ["Kataven__Cluster__Front"] = "Client" });
        await front.StartAsync();
        var calls = cluster.CallsOf(front);

        var answer = await calls.QueryAsync("outside", "SELECT current_database()");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("outside", answer.Body.GetProperty("rows")[0][0].GetString());
        Assert.Equal(["front:front1:active", "front:front2:active", "silo:silo1:active", "silo:silo2:active"], await cluster.MembersAsync(calls));
    }

    private static async Task AskAsync(
        RealCluster cluster, string account, ConcurrentQueue<string> failures, ConcurrentBag<TimeSpan> times, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            var begun = Stopwatch.GetTimestamp();
            try
            {
                var (status, body) = await cluster.Calls.QueryAsync(account, "SELECT current_database()");
                if (status != HttpStatusCode.OK || body.GetProperty("rows")[0][0].GetString() != account)
                {
                    failures.Enqueue($"{status} {body}");
                }
            }
            catch (HttpRequestException exception)
            {
                failures.Enqueue(exception.Message);
            }

            times.Add(Stopwatch.GetElapsedTime(begun));
            // How many a second is not what this looks at.
            await Task.Delay(TimeSpan.FromMilliseconds(20), CancellationToken.None);
        }
    }
}
