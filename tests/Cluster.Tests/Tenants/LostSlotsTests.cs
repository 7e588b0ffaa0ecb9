using Kataven.Cluster.Tests.Silos;
using Kataven.Grains.Connections.Budget;
using Kataven.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kataven.Cluster.Tests.Tenants;

public sealed class LostSlotsTests(SmallBudget budget) : IClassFixture<SmallBudget>
{
    private const int Budget = SmallBudget.Connections;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private SiloCluster Cluster => budget.Cluster;

    [Fact]
    public async Task Slots_of_a_silo_that_died_come_back_when_its_connections_are_gone_and_not_before()
    {
        var accounts = await budget.AccountsAsync(2);
        await Cluster.MoveAsync(accounts[0], 1);
        await Eventually.Async(
            async () => await accounts[0].ValueAsync("SELECT 1") == "1" && Cluster.Pools(accounts[0].Id) is [{ Silo: 1 }], Patience, "it has moved");
        using var end = new CancellationTokenSource();
        var running = Enumerable.Range(0, Budget).Select(_ => accounts[0].RunUntilAsync("SELECT pg_sleep(600)", end.Token)).ToArray();
        await Eventually.Async(async () => await accounts[0].RunningAsync("pg_sleep(600)") == Budget, Patience, "all are busy");

        await Cluster.KillAsync(1);
        var waiting = accounts[1].ValueAsync("SELECT 7");
        await Eventually.Async(
            () => Cluster.Services(0).GetRequiredService<ConnectionSlots>().Counts is { Waiting: 1 }, Patience, "it waits for a slot");
        Assert.False(waiting.IsCompleted);
        Assert.Equal(Budget, await budget.ConnectionsAsync());

        await Cluster.Server.ExecuteAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{accounts[0].Role}'");
        Assert.Equal("7", await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken));
        await end.CancelAsync();
        await Task.WhenAll(running);
    }
}
