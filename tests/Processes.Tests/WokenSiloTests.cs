using System.Net;
using Kataven.Testing;
using Kataven.Testing.Cluster;

namespace Kataven.Processes.Tests;

[Collection<StandingClusterCollection>]
public sealed class WokenSiloTests(StandingCluster standing)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Half of them are called on the silo that is frozen, and its sockets have the calls when it wakes.</summary>
    [Fact]
    public async Task Operations_that_were_asked_for_while_a_silo_was_frozen_are_begun_once()
    {
        var cluster = await standing.WholeAsync();
        var accounts = Enumerable.Range(0, 8).Select(i => $"woken{i}").ToList();
        foreach (var account in accounts)
        {
            await cluster.CreateAccountAsync(account);
        }

        var frozen = cluster.Silos[1];
        await frozen.FreezeAsync();
        await Task.WhenAll(accounts.Select(account => MigrateAsync(cluster, account)));
        await frozen.WakeAsync();
        await Eventually.Async(() => !frozen.IsRunning, Patience, "a silo that was declared dead ends itself");

        foreach (var account in accounts)
        {
            Assert.Equal("succeeded", Assert.Single(await OperationsAsync(cluster, account)));
        }
    }

    /// <summary>
    /// Accounts that nobody serves at that moment are begun on the frozen silo, by writes that it comes to when it wakes. It must not ask its
    /// own grains whether it is alive: the budget's owner is on it.
    /// </summary>
    [Fact]
    public async Task Writes_that_a_frozen_silo_was_to_begin_an_account_for_are_not_done_when_it_wakes()
    {
        var cluster = await standing.WholeAsync();
        var accounts = Enumerable.Range(0, 6).Select(i => $"late{i}").ToList();
        foreach (var account in accounts)
        {
            await cluster.CreateAccountAsync(account);
            await DoneAsync(cluster, account, "CREATE TABLE written (number int)");
        }

        await using var any = await AccountMover.StartAsync(cluster, StandingCluster.ClusterId);
        var owner = await any.BudgetOwnerAsync();
        var frozen = cluster.Silos.Single(silo => silo.Name == owner);
        await using var mover = await AccountMover.StartAsync(cluster, StandingCluster.ClusterId, cluster.Silos.Single(silo => silo != frozen));
        var address = await mover.AddressAsync(frozen.Name);
        foreach (var account in accounts)
        {
            await LeaveAsync(cluster, account);
        }

        await frozen.FreezeAsync();
        var late = accounts.Select(account => mover.BeginOnAsync(account, address, "INSERT INTO written VALUES (-1)")).ToList();
        await Eventually.Async(
            async () => await standing.Server.ScalarAsync<long>(
                "SELECT count(*) FROM orleans.OrleansMembershipTable WHERE SiloName = $1 AND DeploymentId = $2 AND Status = 3", frozen.Name, StandingCluster.ClusterId) == 0,
            Patience,
            "the frozen silo is declared dead");
        foreach (var account in accounts)
        {
            await DoneAsync(cluster, account, "INSERT INTO written VALUES (1)");
        }

        var before = await WrittenAsync(cluster, accounts);
        await frozen.WakeAsync();
        await Eventually.Async(() => !frozen.IsRunning, Patience, "a silo that was declared dead ends itself");

        await Task.WhenAll(late.Select(call => call.ContinueWith(
            _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default)));
        Assert.Equal(before, await WrittenAsync(cluster, accounts));
    }

    /// <summary>How often, of each account.</summary>
    private static async Task<long[]> WrittenAsync(RealCluster cluster, IEnumerable<string> accounts)
    {
        var written = new List<long>();
        foreach (var account in accounts)
        {
            written.Add((await cluster.Calls.QueryAsync(account, "SELECT count(*) FROM written")).Body.GetProperty("rows")[0][0].GetInt64());
        }

        return [.. written];
    }

    /// <summary>Nobody serves it any more.</summary>
    private static async Task LeaveAsync(RealCluster cluster, string account)
    {
        foreach (var method in new[] { HttpMethod.Put, HttpMethod.Delete })
        {
            var (status, body) = await cluster.Calls.CallAsync("kataven-admin", method, $"/api/admin/accounts/{account}/suspension");
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.NoContent, $"{status} {body}");
        }
    }

    private static Task DoneAsync(RealCluster cluster, string account, string sql) => Eventually.Async(
        async () => (await cluster.Calls.QueryAsync(account, sql)).Status == HttpStatusCode.OK, Patience, $"{account} is served");

    private static async Task<string?[]> OperationsAsync(RealCluster cluster, string account)
    {
        var (_, body) = await cluster.Calls.CallAsync("kataven-admin", HttpMethod.Get, $"/api/admin/operations?account={account}");
        return [.. body.GetProperty("operations").EnumerateArray().Select(operation => operation.GetProperty("status").GetString())];
    }

    /// <summary>Asks again while the service says that it cannot answer, and looks where it does not know, as whoever operates it does.</summary>
    private static Task MigrateAsync(RealCluster cluster, string account) => Eventually.Async(
        async () =>
        {
            var (status, body) = await cluster.Calls.CallAsync("kataven-admin", HttpMethod.Post, $"/api/admin/accounts/{account}/migrations", new { });
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{status} {body}");
            return status == HttpStatusCode.OK
                || (body.GetProperty("code").GetString() == "outcome_unknown" && (await OperationsAsync(cluster, account)).Contains("succeeded"));
        },
        Patience,
        "the account is migrated");
}
