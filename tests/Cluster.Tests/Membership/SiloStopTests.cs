using System.Diagnostics;
using Kataven.Accounts;
using Kataven.Cluster;
using Kataven.Cluster.Tests.Silos;
using Kataven.Errors;
using Kataven.Grains.Tenants;
using Kataven.Queries;
using Kataven.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kataven.Cluster.Tests.Membership;

public sealed class SiloStopTests(TwoSilos silos) : IClassFixture<TwoSilos>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private SiloCluster Cluster => silos.Cluster;

    private ClusterServer Server => silos.Server;

    public async ValueTask InitializeAsync() => await silos.WholeAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_silo_that_stops_loses_no_request()
    {
        var accounts = new List<TestAccount>();
        for (var i = 0; i < 6; i++)
        {
            accounts.Add(await TestAccount.CreateAsync(Cluster));
        }

        await Task.WhenAll(accounts.Select(account => account.ValueAsync("SELECT 1")));
        await MoveToAsync(1, accounts[0]);
        using var enough = new CancellationTokenSource();
        var askers = accounts.SelectMany(account => new[] { account, account }).Select(account => AskAsync(account, enough.Token)).ToArray();

        await Cluster.StopAsync(1);

        // Every account must have been asked again since.
        await Task.WhenAll(accounts.Select(account => account.ValueAsync("SELECT 1")));
        await enough.CancelAsync();
        Assert.All(await Task.WhenAll(askers), asked => Assert.NotEqual(0, asked));
        Assert.All(accounts, account => Assert.Equal(0, Assert.Single(Cluster.Pools(account.Id)).Silo));
    }

    [Fact]
    public async Task A_statement_under_way_comes_to_its_end_before_its_silo_goes()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        await MoveToAsync(1, account);
        var running = account.ValueAsync("SELECT 7 FROM pg_sleep(3)");
        await Eventually.Async(async () => await account.RunningAsync("pg_sleep(3)") == 1, Patience, "it runs");

        await Cluster.StopAsync(1);

        Assert.Equal("7", await running);
    }

    [Fact]
    public async Task Beside_a_statement_that_runs_long_its_account_is_served_while_its_silo_drains()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        await MoveToAsync(1, account);
        var running = account.ValueAsync("SELECT 7 FROM pg_sleep(8)");
        await Eventually.Async(async () => await account.RunningAsync("pg_sleep(8)") == 1, Patience, "it runs");
        var silo = Cluster.Services(1);
        var pool = Assert.Single(silo.GetRequiredService<TenantPools>().All, pool => pool.Account == account.Id);
        await Eventually.Async(() => pool.Lanes.BusyFor > TimeSpan.FromSeconds(0.3), Patience, "it has run for longer than a moment");

        var stopping = Cluster.StopAsync(1);
        await Eventually.Async(() => SiloCluster.IsLeaving(silo), Patience, "the silo drains");
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("1", await account.ValueAsync("SELECT 1"));
        }

        Assert.False(running.IsCompleted, "others had to wait for it");
        Assert.Equal("7", await running);
        await stopping;
    }

    [Fact]
    public async Task Accounts_of_a_silo_that_stops_go_no_more_at_a_time_than_they_may()
    {
        await using var cluster = await SiloCluster.StartAsync(Server, 1, ("Kataven:Drain:MovesAtOnce", "2"), (SiloCluster.ShutdownTimeout, "00:02:00"));
        for (var i = 0; i < 8; i++)
        {
            await (await TestAccount.CreateAsync(cluster)).ValueAsync("SELECT 1");
        }

        var pools = cluster.Services(0).GetRequiredService<TenantPools>();
        var most = 0;
        var stopping = cluster.StopAsync(0);
        while (pools.All is { Count: > 0 } left)
        {
            // While they are counted, one may go and the next begin: only those that are there afterwards were on their way together.
            var departing = left.Where(pool => pool.IsDeparting).ToList();
            most = Math.Max(most, departing.Count(pools.All.ToHashSet().Contains));
            await Task.Yield();
        }

        await stopping;
        // Of two that go together, one may be gone already when a look comes.
        Assert.InRange(most, 1, 2);
    }

    [Fact]
    public async Task A_stream_under_way_comes_to_its_end_before_its_silo_goes()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        await MoveToAsync(1, account);
        var part = await account.OpenStreamAsync("SELECT repeat('x', 1000) FROM generate_series(1, 1000)");
        var bytes = part.Body.Length;

        var stopping = Cluster.StopAsync(1);
        while (part.Stream is { } stream)
        {
            await Task.Delay(200, TestContext.Current.CancellationToken);
            part = await account.Tenant(0).NextPartAsync(stream, CancellationToken.None);
            Assert.Null(part.Refusal);
            bytes += part.Body.Length;
        }

        Assert.True(bytes > 1_000_000, $"{bytes} bytes");
        await stopping;
    }

    [Fact]
    public async Task What_outlasts_the_drain_is_cancelled_while_there_is_time_to_answer()
    {
        await using var cluster = await SiloCluster.StartAsync(Server, 1, (SiloCluster.ShutdownTimeout, "00:00:16"));
        var account = await TestAccount.CreateAsync(cluster);
        var running = account.QueryAsync("SELECT pg_sleep(29)");
        await Eventually.Async(async () => await account.RunningAsync("pg_sleep(29)") == 1, Patience, "it runs");
        var stream = await account.OpenStreamAsync("SELECT repeat('x', 1000) FROM generate_series(1, 10000)");
        Assert.NotNull(stream.Stream);

        var begun = Stopwatch.GetTimestamp();
        await cluster.StopAsync(0);

        Assert.InRange(Stopwatch.GetElapsedTime(begun), TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(28));
        Assert.Equal(ErrorCode.DatabaseUnavailable, (await running).Refusal?.Code);
        await Eventually.Async(async () => await account.ConnectionsAsync() == 0, Patience, "no connection is open");
    }

    [Fact]
    public async Task A_suspension_is_in_force_on_a_silo_that_drains()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        await MoveToAsync(1, account);
        var running = account.QueryAsync("SELECT pg_sleep(20)");
        await Eventually.Async(async () => await account.RunningAsync("pg_sleep(20)") == 1, Patience, "it runs");
        var silo = Cluster.Services(1);
        var stopping = Cluster.StopAsync(1);
        await Eventually.Async(() => SiloCluster.IsLeaving(silo), Patience, "the silo drains");

        await Server.ExecuteAsync($"UPDATE public.accounts SET status = 'suspended' WHERE account_id = '{account.Id}'");

        var begun = Stopwatch.GetTimestamp();
        Assert.Equal(ErrorCode.AccountInactive, (await running).Refusal?.Code);
        Assert.True(Stopwatch.GetElapsedTime(begun) < Promised.Within(seconds: 1), $"took {Stopwatch.GetElapsedTime(begun)}");
        await stopping;
    }

    [Fact]
    public async Task A_silo_that_joins_knows_every_account_at_once()
    {
        var account = await TestAccount.CreateAsync(Cluster);

        var silo = await Cluster.StartAnotherAsync();

        var begun = Stopwatch.GetTimestamp();
        var answer = await Cluster.From(silo).GetGrain<IAccountRegistryGrain>(0).FindAsync(account.Id);
        Assert.Equal(AccountStatus.Active, answer.Entry?.Status);
        Assert.True(Stopwatch.GetElapsedTime(begun) < Promised.Within(seconds: 1), $"took {Stopwatch.GetElapsedTime(begun)}");
    }

    [Fact]
    public async Task What_was_sent_before_a_silo_was_lost_and_comes_after_it_does_not_run()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        await account.DoneAsync("CREATE TABLE written (number int)");
        var members = Cluster.Services(0).GetRequiredService<IClusterMembershipService>();
        var sent = members.CurrentSnapshot.Version.Value;
        var stopped = Cluster.Services(1).GetRequiredService<ILocalSiloDetails>().SiloAddress;
        await Cluster.StopAsync(1);
        await Eventually.Async(() => members.CurrentSnapshot.GetSiloStatus(stopped) == SiloStatus.Dead, Patience, "the other silo knows");
        var tenant = account.Tenant(0);
        var (insert, options) = (new Statement("INSERT INTO written VALUES (1)", []), QueryOptions.Default);
        Task<Answer> SendAsync(long known) => tenant.QueryAsync(new QueryRequest(TenantPool.AnyVersion, insert, options, Members: known), Stop);

        var late = await SendAsync(sent);
        var transaction = await tenant.TransactionAsync(new TransactionRequest(TenantPool.AnyVersion, [insert], default, options, Members: sent), Stop);
        var stream = await tenant.OpenStreamAsync(new StreamRequest(TenantPool.AnyVersion, insert, options, StreamFormat.Csv, Members: sent), Stop);
        SenderMembership.Set(sent);
        var deletion = account.Grain.BeginDeletionAsync(takesBackup: false, "somebody");

        Assert.All([late.Refusal, transaction.Refusal, stream.Refusal], refusal =>
            Assert.Equal((ErrorCode.DatabaseUnavailable, true), (refusal!.Code, refusal.DidNotRun)));
        var loss = (await Assert.ThrowsAsync<SentEarlierException>(() => deletion)).Members;
        Assert.Equal(loss, late.Refusal!.Members);
        Assert.InRange(loss, sent + 1, members.CurrentSnapshot.Version.Value);
        Assert.Equal("0", await account.ValueAsync("SELECT count(*) FROM written"));
        TestAccount.AssertDone(await SendAsync(loss));
        // A client of the cluster, or a version before, says nothing of members.
        TestAccount.AssertDone(await SendAsync(0));
    }

    private static async Task<int> AskAsync(TestAccount account, CancellationToken enough)
    {
        var asked = 0;
        while (!enough.IsCancellationRequested)
        {
            try
            {
                Assert.Equal("1", await account.ValueAsync("SELECT 1 FROM pg_sleep(0.01)"));
                asked++;
            }
            catch (OrleansMessageRejectionException)
            {
                // It did not reach the grain: the front door sends such a call again, and so does this.
            }
        }

        return asked;
    }

    /// <summary>Has the account's activation on that silo, as it stands there by chance otherwise.</summary>
    private async Task MoveToAsync(int silo, TestAccount account)
    {
        await account.ValueAsync("SELECT 1");
        if (Cluster.Pools(account.Id)[0].Silo != silo)
        {
            await Cluster.MoveAsync(account, silo);
            await Eventually.Async(
                async () =>
                {
                    await account.ValueAsync("SELECT 1");
                    return Cluster.Pools(account.Id) is [var pool] && pool.Silo == silo;
                },
                Patience,
                "the account has moved");
        }
    }
}
