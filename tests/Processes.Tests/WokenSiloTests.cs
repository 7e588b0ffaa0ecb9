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
