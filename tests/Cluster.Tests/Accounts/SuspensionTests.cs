using System.Diagnostics;
using Kataven.Accounts;
using Kataven.Cluster.Tests.Silos;
using Kataven.Errors;
using Kataven.Queries;
using Kataven.Testing;

namespace Kataven.Cluster.Tests.Accounts;

[Collection<TwoSilosCollection>]
public sealed class SuspensionTests(TwoSilos silos)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan InForce = Promised.Within(seconds: 1);

    private SiloCluster Cluster => silos.Cluster;

    [Fact]
    public async Task A_suspension_has_ended_everything_when_its_call_returns()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        var running = await RunEightAsync(account);

        var begun = Stopwatch.GetTimestamp();
        var result = await account.Grain.SuspendAsync("unpaid");

        Assert.Equal(AccountStatus.Suspended, result.Account?.Status);
        Assert.Equal(0, await account.ConnectionsAsync());
        Assert.True(Stopwatch.GetElapsedTime(begun) < InForce, $"took {Stopwatch.GetElapsedTime(begun)}");
        await AssertInactiveAsync(running);
        await AssertRefusedEverywhereAsync(account);
    }

    [Fact]
    public async Task A_suspension_with_plain_SQL_is_in_force_on_every_silo_within_a_second()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        var running = await RunEightAsync(account);

        await SetStatusAsync(account, "suspended");

        await Eventually.Async(async () => await account.ConnectionsAsync() == 0, InForce, "no connection is open");
        await AssertInactiveAsync(running);
        await AssertRefusedEverywhereAsync(account);
    }

    [Fact]
    public async Task A_resumed_account_is_served_as_soon_as_the_call_returns()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        for (var round = 0; round < 5; round++)
        {
            await account.Grain.SuspendAsync(null);
            // An activation that has seen the suspension must not outlast it.
            await account.QueryAsync("SELECT 1", silo: round);
            await account.Tenant(round).WarmAsync();

            await account.Grain.ResumeAsync();

            // Whoever decided by an older row is told so, and looks again.
            Answer answer;
            do
            {
                var entry = (await Cluster.From(round).GetGrain<IAccountRegistryGrain>(0).FindAsync(account.Id)).Entry!;
                Assert.Equal(AccountStatus.Active, entry.Status);
                answer = await account.QueryAsync("SELECT 1", round, entry.Version);
            }
            while (answer.Kind == AnswerKind.Stale);

            Assert.Equal("1", TestAccount.Value(answer));
        }
    }

    [Fact]
    public async Task A_stream_whose_client_has_stalled_does_not_hold_up_a_suspension()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        var first = await account.OpenStreamAsync("SELECT repeat('x', 1000) FROM generate_series(1, 10000)", silo: 1);
        Assert.NotNull(first.Stream);

        var begun = Stopwatch.GetTimestamp();
        await account.Grain.SuspendAsync(null);

        Assert.True(Stopwatch.GetElapsedTime(begun) < InForce, $"took {Stopwatch.GetElapsedTime(begun)}");
        Assert.Equal(0, await account.ConnectionsAsync());
        await Eventually.Async(() => Cluster.Pools(account.Id).Count == 0, Patience, "the activation is gone");
        Assert.NotNull((await account.Tenant(1).NextPartAsync(first.Stream!.Value, CancellationToken.None)).Refusal);
    }

    [Fact]
    public async Task A_row_that_was_deleted_is_an_account_that_is_not_there()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        await account.ValueAsync("SELECT 1");

        await Cluster.Server.ExecuteAsync($"DELETE FROM public.accounts WHERE account_id = '{account.Id}'");

        await Eventually.Async(async () => await account.ConnectionsAsync() == 0, InForce, "no connection is open");
        for (var silo = 0; silo < Cluster.Count; silo++)
        {
            Assert.Equal(ErrorCode.InvalidAccount, (await account.QueryAsync("SELECT 1", silo)).Refusal?.Code);
            var registry = Cluster.From(silo).GetGrain<IAccountRegistryGrain>(0);
            await Eventually.Async(async () => (await registry.FindAsync(account.Id)).Entry is null, InForce, $"silo {silo} knows it no more");
        }
    }

    private static async Task<Task<Answer>[]> RunEightAsync(TestAccount account)
    {
        var running = Enumerable.Range(0, 8).Select(i => account.QueryAsync("SELECT pg_sleep(25)", silo: i)).ToArray();
        await Eventually.Async(async () => await account.RunningAsync("pg_sleep(25)") == 8, Patience, "eight statements run");
        return running;
    }

    private static async Task AssertInactiveAsync(Task<Answer>[] running) =>
        Assert.All(await Task.WhenAll(running).WaitAsync(Patience, TestContext.Current.CancellationToken), answer => Assert.Equal(ErrorCode.AccountInactive, answer.Refusal?.Code));

    private async Task AssertRefusedEverywhereAsync(TestAccount account)
    {
        for (var silo = 0; silo < Cluster.Count; silo++)
        {
            Assert.Equal(ErrorCode.AccountInactive, (await account.QueryAsync("SELECT 1", silo)).Refusal?.Code);
            var registry = Cluster.From(silo).GetGrain<IAccountRegistryGrain>(0);
            await Eventually.Async(
                async () => (await registry.FindAsync(account.Id)).Entry?.Status == AccountStatus.Suspended, InForce, $"silo {silo} tells that it is suspended");
        }
    }

    private Task<int> SetStatusAsync(TestAccount account, string status) =>
        Cluster.Server.ExecuteAsync($"UPDATE public.accounts SET status = '{status}' WHERE account_id = '{account.Id}'");
}
