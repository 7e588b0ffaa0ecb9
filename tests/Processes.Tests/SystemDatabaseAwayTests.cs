using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Kataven.Testing;
using Kataven.Testing.Cluster;

namespace Kataven.Processes.Tests;

[Collection<OwnServerCollection>]
public sealed class SystemDatabaseAwayTests(OwnServerCluster own, ITestOutputHelper output) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private OwnServer Server => own.Server;

    /// <summary>Longer than any of the timers by which members of the cluster look for one another.</summary>
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(TestScope.IsWhole ? 65 : 15);

    [Fact]
    public async Task While_the_system_database_is_away_known_accounts_are_served_and_what_changed_is_in_force_when_it_is_back()
    {
        var cluster = own.Cluster;
        await cluster.MakeWholeAsync();
        await cluster.CreateAccountAsync("never-used");
        await cluster.CreateAccountAsync("closed");
        await cluster.CreateAccountAsync("changed");
        await using var traffic = await Traffic.StartAsync(cluster, ["busy1", "busy2", "busy3"], clients: 6, perSecond: 30);
        // A silo knows every account's credential when it has started, and later ones within seconds.
        foreach (var silo in cluster.Silos)
        {
            await silo.RestartAsync();
        }

        await AssertServedAsync(cluster, "closed");
        await AssertServedAsync(cluster, "changed");
        await cluster.Calls.CallAsync("kataven-admin", HttpMethod.Delete, "/api/admin/pools/closed");
        await Task.WhenAll(new[] { "never-used", "unknown", "kataven-admin" }.Select(cluster.Calls.TokenAsync));
        var processes = cluster.Members.Select(member => member.Process).ToArray();

        await Server.ExecuteAsync("ALTER DATABASE system ALLOW_CONNECTIONS false");
        await EndConnectionsAsync();
        var away = Stopwatch.GetTimestamp();

        await Eventually.Async(async () => (await cluster.Fronts[0].ReadinessAsync()).Body.Contains("system_database"), Patience, "it is seen to be away");
        await AssertServedAsync(cluster, "closed");
        await AssertServedAsync(cluster, "never-used");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AssertServedAsync(cluster, "busy1", "SELECT pg_sleep(0.5)")));
        await AssertUnknownAsync(cluster);
        while (Stopwatch.GetElapsedTime(away) < Away)
        {
            foreach (var member in cluster.Members)
            {
                var (status, body) = await member.ReadinessAsync();
                Assert.True(status == HttpStatusCode.OK && body.Contains("degraded"), $"{member.Name}: {status} {body}\n{cluster.Output}");
            }

            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }

        await AssertServedAsync(cluster, "closed");
        // Somebody else works in it while the service does not find it.
        await Server.ExecuteAsync("ALTER DATABASE system RENAME TO elsewhere");
        await Server.ExecuteAsync("ALTER DATABASE elsewhere ALLOW_CONNECTIONS true");
        await Server.ExecuteAsync("UPDATE public.accounts SET status = 'suspended' WHERE account_id = 'changed'", "elsewhere");
        await AssertServedAsync(cluster, "changed");
        await Eventually.Async(() => RenameBackAsync(), Patience, "it has its name again");
        var back = Stopwatch.GetTimestamp();

        await Eventually.Async(
            async () => (await cluster.Calls.QueryAsync("changed", "SELECT 1")).Status == HttpStatusCode.Forbidden, Promised.Within(seconds: 1), "the suspension is in force");
        output.WriteLine($"The suspension was in force after {Stopwatch.GetElapsedTime(back).TotalMilliseconds:0} ms.");
        await Eventually.Async(async () => (await cluster.Fronts[0].ReadinessAsync()).Body.Contains("\"ready\""), Patience, "nothing is away");
        await cluster.CreateAccountAsync("new");
        await AssertServedAsync(cluster, "new");
        await traffic.EndAsync();
        Assert.True(traffic.Failures.IsEmpty, string.Join('\n', traffic.Failures.Take(10)) + cluster.Output);
        Assert.Empty(await traffic.FindLossAsync(Server.ConnectionString));
        Assert.All(processes, process => Assert.False(process.HasExited));
        Assert.Equal(["front:front1:active", "silo:silo1:active", "silo:silo2:active"], await cluster.MembersAsync());
    }

    /// <summary>What a failure leaves is not the next test's.</summary>
    public async ValueTask DisposeAsync()
    {
        if (await Server.CountAsync("SELECT FROM pg_database WHERE datname = 'elsewhere'") > 0)
        {
            await Eventually.Async(() => RenameBackAsync(), Patience, "it has its name again");
        }

        await Server.ExecuteAsync("ALTER DATABASE system ALLOW_CONNECTIONS true");
    }

    private Task EndConnectionsAsync() => Server.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'system'");

    private async Task<bool> RenameBackAsync()
    {
        try
        {
            await Server.ExecuteAsync("ALTER DATABASE elsewhere RENAME TO system");
            return true;
        }
        catch (Npgsql.PostgresException exception) when (exception.SqlState == Npgsql.PostgresErrorCodes.ObjectInUse)
        {
            return false;
        }
    }

    private static async Task AssertServedAsync(RealCluster cluster, string account, string sql = "SELECT current_database()")
    {
        var (status, body) = await cluster.Calls.QueryAsync(account, sql);
        Assert.True(status == HttpStatusCode.OK, $"{account}: {status} {body}\n{cluster.Output}");
    }

    private static async Task AssertUnknownAsync(RealCluster cluster)
    {
        var (status, body) = await cluster.Calls.QueryAsync("unknown", "SELECT 1");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("database_unavailable", body.ValueKind == JsonValueKind.Object ? body.GetProperty("code").GetString() : null);
    }
}
