using System.Diagnostics;
using Kataven.Testing.Cluster;

namespace Kataven.Cluster.Tests.Processes;

public sealed class DatabaseRestartTests(OwnServer server, ITestOutputHelper output) : IClassFixture<OwnServer>
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
        await using var cluster = await RealCluster.StartAsync(server.Server.ConnectionString, new ClusterPlan { Silos = 2, Fronts = 1 });
        await using var traffic = await Traffic.StartAsync(cluster, [.. Enumerable.Range(1, Accounts).Select(i => $"{mode}{i}")], clients: 24, perSecond: 150);
        await traffic.MoreAsync(each: 4, Patience);
        var processes = cluster.Members.Select(member => member.Process).ToArray();

        await server.StopAsync(immediate: mode == "immediate");
        await Task.Delay(Away, TestContext.Current.CancellationToken);
        await server.Server.StartAgainAsync(TestContext.Current.CancellationToken);

        var back = Stopwatch.GetTimestamp();
        await traffic.MoreAsync(each: 3, ServesWithin);
        output.WriteLine($"Every client was answered three times within {Stopwatch.GetElapsedTime(back).TotalSeconds:0.0} s.");
        await traffic.EndAsync();
        output.WriteLine($"{traffic.Answered.Count} requests, the slowest took {traffic.Slowest.TotalSeconds:0.0} s; {traffic.Failures.Count} failed.");
        Assert.True(traffic.Failures.All(failure => failure is { IsWrite: true, Code: "outcome_unknown" }), string.Join('\n', traffic.Failures.Take(10)) + cluster.Output);
        Assert.Empty(await traffic.FindLossAsync(server.ConnectionString));
        Assert.All(processes, process => Assert.False(process.HasExited));
    }
}
