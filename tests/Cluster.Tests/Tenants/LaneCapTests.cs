using System.Net.NetworkInformation;
using Kataven.Accounts;
using Kataven.Cluster.Tests.Silos;
using Kataven.Errors;
using Kataven.Queries;
using Kataven.Testing;

namespace Kataven.Cluster.Tests.Tenants;

[Collection<TwoSilosCollection>]
public sealed class LaneCapTests(TwoSilos silos)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_lanes_of_an_account_are_capped_over_all_silos()
    {
        var account = await TestAccount.CreateAsync(silos.Cluster, new AccountLimits { MaxLanes = 3 });
        using var enough = new CancellationTokenSource();
        var watching = WatchAsync(account, enough.Token);

        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => account.QueryAsync("SELECT pg_sleep(0.05)", silo: i)));

        await enough.CancelAsync();
        var seen = await watching;
        Assert.All(answers, TestAccount.AssertDone);
        Assert.Equal(3, seen.Max());
    }

    [Fact]
    public async Task A_lane_whose_server_process_has_gone_is_replaced_before_a_write_meets_it()
    {
        var account = await TestAccount.CreateAsync(silos.Cluster);
        await account.DoneAsync("CREATE TABLE kept (n int)");
        for (var n = 0; n < 5; n++)
        {
            var port = await silos.Cluster.Server.ScalarAsync<int>("SELECT client_port FROM pg_stat_activity WHERE usename = $1", account.Role);
            await silos.Cluster.Server.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{account.Role}'");
            // A busy machine brings what the process said last, and its end, later than PostgreSQL forgets it.
            await Eventually.Async(() => !IsEstablished(port), Patience, "its process is gone, and the lane's socket has heard of it");

            await account.DoneAsync("INSERT INTO kept VALUES (1)");
        }

        Assert.Equal("5", await account.ValueAsync("SELECT count(*) FROM kept"));
    }

    [Fact]
    public async Task A_request_beyond_the_queue_is_refused_at_once_and_told_which_settings_to_change()
    {
        var account = await TestAccount.CreateAsync(silos.Cluster, new AccountLimits { MaxLanes = 1, MaxQueue = 2, WaitTimeoutMs = 600_000 });
        using var end = new CancellationTokenSource();
        var running = account.RunUntilAsync("SELECT pg_sleep(600)", end.Token);
        await Eventually.Async(async () => await account.RunningAsync("pg_sleep(600)") == 1, Patience, "the lane is busy");
        var waiting = new[] { account.QueryAsync("SELECT 1", silo: 0), account.QueryAsync("SELECT 1", silo: 1) };
        await Eventually.Async(() => silos.Cluster.Pools(account.Id)[0].Pool.Waiting == 2, Patience, "two requests wait");

        var refusal = (await account.QueryAsync("SELECT 1", silo: 1)).Refusal!;

        Assert.Equal(ErrorCode.Overloaded, refusal.Code);
        Assert.Contains("Kataven:Tenants:Limits:MaxQueue", refusal.Detail, StringComparison.Ordinal);
        Assert.Contains("max_queue", refusal.Detail, StringComparison.Ordinal);
        await end.CancelAsync();
        Assert.All(await Task.WhenAll(waiting), TestAccount.AssertDone);
        await running;
    }

    [Fact]
    public async Task A_request_that_waited_too_long_is_refused_and_told_which_settings_to_change()
    {
        var account = await TestAccount.CreateAsync(silos.Cluster, new AccountLimits { MaxLanes = 1, WaitTimeoutMs = 100 });
        using var end = new CancellationTokenSource();
        var running = account.RunUntilAsync("SELECT pg_sleep(600)", end.Token);
        await Eventually.Async(async () => await account.RunningAsync("pg_sleep(600)") == 1, Patience, "the lane is busy");

        var refusal = (await account.QueryAsync("SELECT 1", silo: 1)).Refusal!;

        Assert.Equal(ErrorCode.Overloaded, refusal.Code);
        Assert.Contains("Kataven:Tenants:Limits:MaxLanes", refusal.Detail, StringComparison.Ordinal);
        Assert.Contains("wait_timeout_ms", refusal.Detail, StringComparison.Ordinal);
        await end.CancelAsync();
        await running;
        await Eventually.Async(
            async () => (await account.QueryAsync("SELECT 1")).Kind == AnswerKind.Done, Patience, "the lane serves again");
    }

    private bool IsEstablished(int localPort) => IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpConnections().Any(connection =>
        connection.LocalEndPoint.Port == localPort
        && connection.RemoteEndPoint.Port == silos.Cluster.Server.Port
        && connection.State == TcpState.Established);

    private static async Task<List<long>> WatchAsync(TestAccount account, CancellationToken enough)
    {
        var seen = new List<long>();
        while (!enough.IsCancellationRequested)
        {
            seen.Add(await account.ConnectionsAsync());
        }

        return seen;
    }
}
