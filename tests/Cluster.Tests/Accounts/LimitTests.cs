using Kataven.Accounts;
using Kataven.Cluster.Tests.Silos;
using Kataven.Grains.Accounts;
using Kataven.Queries;
using Kataven.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kataven.Cluster.Tests.Accounts;

[Collection<TwoSilosCollection>]
public sealed class LimitTests(TwoSilos silos)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan InForce = Promised.Within(seconds: 1);

    private SiloCluster Cluster => silos.Cluster;

    [Fact]
    public async Task Raised_limits_serve_those_who_wait_and_lowered_ones_close_lanes_as_they_come_free()
    {
        var account = await TestAccount.CreateAsync(Cluster, new AccountLimits { MaxLanes = 1, WaitTimeoutMs = 60_000 });
        var gate = await TestLock.TakeAsync(Cluster.Server, account);
        var requests = Enumerable.Range(0, 6).Select(i => account.QueryAsync(TestLock.Wait, silo: i)).ToArray();
        await Eventually.Async(() => Cluster.Pools(account.Id) is [var only] && only.Pool.Waiting == 5, Patience, "five requests wait");

        await SetLanesAsync(account, 4);
        await Eventually.Async(async () => await account.ConnectionsAsync() == 4, InForce, "four lanes are open");

        await SetLanesAsync(account, 2);
        await WhenTakenAsync(account);
        Assert.Equal(4, await account.ConnectionsAsync());
        await gate.DisposeAsync();
        Assert.All(await Task.WhenAll(requests), TestAccount.AssertDone);
        await Eventually.Async(async () => await account.ConnectionsAsync() == 2, Patience, "two lanes are left");
    }

    [Fact]
    public async Task Lowered_limits_close_idle_lanes_within_a_second()
    {
        var account = await TestAccount.CreateAsync(Cluster, new AccountLimits { MaxLanes = 4 });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => account.QueryAsync("SELECT pg_sleep(0.2)", silo: i)));
        Assert.Equal(4, await account.ConnectionsAsync());

        await SetLanesAsync(account, 1);

        await Eventually.Async(async () => await account.ConnectionsAsync() == 1, InForce, "one lane is left");
    }

    [Fact]
    public async Task Who_decided_by_an_older_row_is_told_to_look_again()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        var former = (await account.ReadAsync()).Version;
        Assert.Equal(AnswerKind.Done, (await account.QueryAsync("SELECT 1", 0, former)).Kind);

        await Cluster.Server.ExecuteAsync($"UPDATE public.accounts SET org_id = 'another' WHERE account_id = '{account.Id}'");

        await Eventually.Async(
            async () => (await account.QueryAsync("SELECT 1", 1, former)).Kind == AnswerKind.Stale, InForce, "the older row is refused");
        var current = (await account.ReadAsync()).Version;
        Assert.True(current > former);
        Assert.Equal(AnswerKind.Done, (await account.QueryAsync("SELECT 1", 1, current)).Kind);
        Assert.Equal(AnswerKind.Done, (await account.QueryAsync("SELECT 1", 0, current + 1)).Kind);
    }

    private static Task<AccountResult> SetLanesAsync(TestAccount account, int lanes) =>
        account.Grain.PatchAsync(new AccountPatch { Limits = new Dictionary<string, int?> { ["max_lanes"] = lanes } });

    /// <summary>Returns when the silo that holds the account has read its row as it is now.</summary>
    private async Task WhenTakenAsync(TestAccount account)
    {
        var current = (await account.ReadAsync()).Version;
        var silo = Cluster.Services(Cluster.Pools(account.Id)[0].Silo);
        await Eventually.Async(
            () => silo.GetRequiredService<AccountDirectory>().Find(account.Id)?.Account.Version >= current, InForce, "the row is taken");
    }
}
