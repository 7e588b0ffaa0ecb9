using System.Diagnostics;
using System.Globalization;
using Kataven.Accounts;
using Kataven.Cluster.Tests.Silos;
using Kataven.Queries;
using Kataven.Testing;

namespace Kataven.Cluster.Tests.Tenants;

public sealed class IdleTests(IdleSilos silos) : IClassFixture<IdleSilos>
{
    private static readonly TimeSpan IdleAfter = IdleSilos.IdleAfter;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private SiloCluster Cluster => silos.Cluster;

    [Fact]
    public async Task An_idle_account_gives_back_every_connection_when_its_time_has_come_and_not_before()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => account.QueryAsync("SELECT pg_sleep(0.1)", silo: i)));
        Assert.InRange(await account.ConnectionsAsync(), 2, 8);
        var wanted = Stopwatch.GetTimestamp();
        await account.ValueAsync("SELECT 1", silo: 1);
        var ended = Stopwatch.GetTimestamp();

        await Eventually.Async(async () => await account.ConnectionsAsync() == 0, Patience, "all connections are closed");

        Assert.True(Stopwatch.GetElapsedTime(wanted) >= IdleAfter, "closed before its time");
        Assert.True(Stopwatch.GetElapsedTime(ended) < IdleAfter + Promised.Within(seconds: 1), $"closed {Stopwatch.GetElapsedTime(ended)} after the last request");
        await Eventually.Async(() => Cluster.Pools(account.Id).Count == 0, Patience, "the activation is gone");
        Assert.Equal("1", await account.ValueAsync("SELECT 1"));
        Assert.Equal(1, await account.ConnectionsAsync());
    }

    [Fact]
    public async Task Each_request_puts_off_the_end()
    {
        var account = await TestAccount.CreateAsync(Cluster, new AccountLimits { MaxLanes = 1 });
        var begun = Stopwatch.GetTimestamp();
        var (process, ended) = (await account.ValueAsync("SELECT pg_backend_pid()"), begun);
        while (Stopwatch.GetElapsedTime(begun) < 2.5 * IdleAfter)
        {
            (process, ended) = await AssertSameAsync(account, process, ended, 0);
            await Task.Delay(IdleAfter / 10, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_running_statement_is_work()
    {
        var account = await TestAccount.CreateAsync(Cluster, new AccountLimits { MaxLanes = 1 });
        var begun = Stopwatch.GetTimestamp();
        var (process, ended) = (await account.ValueAsync("SELECT pg_backend_pid()"), begun);

        (process, ended) = await AssertSameAsync(account, process, ended, sleep: 2.5);
        await AssertSameAsync(account, process, ended, sleep: 0, silo: 1);
    }

    [Fact]
    public async Task An_open_stream_is_work_and_an_abandoned_one_is_not()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        var first = await account.OpenStreamAsync("SELECT repeat('x', 1000) FROM generate_series(1, 10000)");
        var begun = Stopwatch.GetTimestamp();

        while (Stopwatch.GetElapsedTime(begun) < 2.5 * IdleAfter)
        {
            Assert.Equal(1, await account.ConnectionsAsync());
            await Task.Delay(IdleAfter / 10, TestContext.Current.CancellationToken);
        }

        var next = await account.Tenant(1).NextPartAsync(first.Stream!.Value, CancellationToken.None);
        Assert.Equal(AnswerKind.Done, next.Kind);
        Assert.NotEqual(0, next.Body.Length);
        await account.Tenant(1).CloseStreamAsync(first.Stream!.Value);
        await Eventually.Async(async () => await account.ConnectionsAsync() == 0, Patience, "all connections are closed");
    }

    [Fact]
    public async Task Requests_at_the_very_moment_of_the_end_are_all_answered()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        for (var round = 0; round < 3; round++)
        {
            await account.ValueAsync("SELECT 1");
            var begun = Stopwatch.GetTimestamp();
            var answers = new List<Task<Answer>>();
            await Task.Delay(IdleAfter * 0.9, TestContext.Current.CancellationToken);
            while (Stopwatch.GetElapsedTime(begun) < IdleAfter - TimeSpan.FromMilliseconds(5))
            {
                await Task.Yield();
            }

            for (var i = 0; i < 40; i++)
            {
                answers.Add(account.QueryAsync("SELECT 1", silo: i));
                await Task.Delay(1, TestContext.Current.CancellationToken);
            }

            Assert.All(await Task.WhenAll(answers), TestAccount.AssertDone);
            await Eventually.Async(() => Cluster.Pools(account.Id).Count == 0, Patience, "the activation is gone");
        }
    }

    /// <summary>The process that served last serves again, unless the machine kept the test from asking for as long as makes an account idle.</summary>
    private static async Task<(string Process, long Ended)> AssertSameAsync(TestAccount account, string process, long since, double sleep, int silo = 0)
    {
        var next = await account.ValueAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT pg_backend_pid() FROM pg_sleep({sleep})"), silo);
        var paused = Stopwatch.GetElapsedTime(since) - TimeSpan.FromSeconds(sleep);
        Assert.True(next == process || paused >= IdleAfter, $"another process serves after {paused}");
        return (next, Stopwatch.GetTimestamp());
    }
}
