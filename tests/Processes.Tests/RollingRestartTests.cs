using System.Diagnostics;
using Kataven.Testing;
using Kataven.Testing.Cluster;

namespace Kataven.Processes.Tests;

[Collection<StandingClusterCollection>]
public sealed class RollingRestartTests(StandingCluster standing, ITestOutputHelper output)
{
    private const int Accounts = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly string[] Members = ["front:front1:active", "front:front2:active", "silo:silo1:active", "silo:silo2:active", "silo:silo3:active"];

    [Fact]
    public async Task Every_process_is_restarted_one_after_the_other_under_load_and_no_request_fails_and_no_write_is_lost_or_doubled()
    {
        var cluster = await standing.WholeAsync();
        await cluster.Add("Silo", "silo3").StartAsync();
        await using var traffic = await Traffic.StartAsync(cluster, [.. Enumerable.Range(1, Accounts).Select(i => $"rolling{i}")], clients: 24, perSecond: 100);
        await traffic.MoreAsync(each: 4, Patience);

        foreach (var member in cluster.Members)
        {
            var begun = Stopwatch.GetTimestamp();
            var took = await member.RestartAsync();
            output.WriteLine($"{member.Name} stopped in {took.TotalSeconds:0.0} s and was back after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s.");
            Assert.True(took < TimeSpan.FromSeconds(30), $"{member.Name} took {took} to stop");
        }

        // One that did not leave as it should would stand there twice.
        await Eventually.Async(async () => (await cluster.MembersAsync()).SequenceEqual(Members), Patience, "its members are those that it began with");
        await traffic.MoreAsync(each: 4, Patience);
        await traffic.EndAsync();
        output.WriteLine($"{traffic.Answered.Count} requests, {traffic.Writes} writes; the slowest took {traffic.Slowest.TotalMilliseconds:0} ms.");
        Assert.True(traffic.Failures.IsEmpty, string.Join('\n', traffic.Failures.Take(10)) + cluster.Output);
        Assert.Empty(await traffic.FindLossAsync(standing.Server.ConnectionString));
    }
}
