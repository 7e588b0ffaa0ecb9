using System.Diagnostics;
using Kataven.Cluster.Tests.Silos;
using Kataven.Testing.Cluster;
using Npgsql;

namespace Kataven.Cluster.Tests.Processes;

public sealed class RollingRestartTests(ClusterServer server, ITestOutputHelper output)
{
    private const int Accounts = 12;

    [Fact]
    public async Task Every_process_is_restarted_one_after_the_other_under_load_and_no_request_fails_and_no_write_is_lost_or_doubled()
    {
        await using var cluster = await RealCluster.StartAsync(server.ServiceConnectionString, new ClusterPlan { Silos = 3, Fronts = 2 });
        await using var traffic = await Traffic.StartAsync(cluster, [.. Enumerable.Range(1, Accounts).Select(i => $"rolling{i}")], clients: 24, perSecond: 200);
        await traffic.MoreAsync(each: 4);

        foreach (var member in cluster.Members)
        {
            var begun = Stopwatch.GetTimestamp();
            var took = await member.RestartAsync();
            output.WriteLine($"{member.Name} stopped in {took.TotalSeconds:0.0} s and was back after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s.");
            Assert.True(took < TimeSpan.FromSeconds(30), $"{member.Name} took {took} to stop");
        }

        await traffic.MoreAsync(each: 4);
        await traffic.EndAsync();
        output.WriteLine($"{traffic.Answered.Count} requests, {traffic.Writes} writes; the slowest took {traffic.Slowest.TotalMilliseconds:0} ms.");
        Assert.True(traffic.Failures.IsEmpty, string.Join('\n', traffic.Failures.Take(10)) + cluster.Output);
        Assert.Empty(await traffic.FindLossAsync(EntriesAsync));
    }

    private async Task<IReadOnlyCollection<long>> EntriesAsync(string account)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = account }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("SELECT id FROM entry", connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var ids = new List<long>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            ids.Add(reader.GetInt64(0));
        }

        return ids;
    }
}
