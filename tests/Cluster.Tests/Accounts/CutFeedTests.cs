using Kataven.Accounts;
using Kataven.Cluster.Tests.Silos;
using Kataven.Grains.Accounts;
using Kataven.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kataven.Cluster.Tests.Accounts;

/// <summary>With silos of its own: what it cuts is found broken later, too.</summary>
public sealed class CutFeedTests(ClusterServer server)
{
    private static readonly TimeSpan InForce = Promised.Within(seconds: 1);

    [Fact]
    public async Task Changes_are_in_force_within_a_second_when_every_connection_of_the_service_was_cut()
    {
        await using var cluster = await SiloCluster.StartAsync(server, 2);
        var account = await TestAccount.CreateAsync(cluster);
        await account.ValueAsync("SELECT 1");
        await server.ExecuteAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'kataven-system'");

        await SetStatusAsync("suspended");

        await BothKnowItAsAsync(AccountStatus.Suspended);
        await Eventually.Async(async () => await account.ConnectionsAsync() == 0, InForce, "no connection is open");
        Assert.True(Enumerable.Range(0, 2).All(silo => cluster.Services(silo).GetRequiredService<AccountFeed>().IsAvailable), "both silos read again");
        await SetStatusAsync("active");
        await BothKnowItAsAsync(AccountStatus.Active);

        Task<int> SetStatusAsync(string status) => server.ExecuteAsync($"UPDATE public.accounts SET status = '{status}' WHERE account_id = '{account.Id}'");

        Task BothKnowItAsAsync(AccountStatus status) => Eventually.Async(
            () => Enumerable.Range(0, 2).All(silo => cluster.Services(silo).GetRequiredService<AccountDirectory>().Find(account.Id)?.Account.Status == status),
            InForce,
            $"both silos know that it is {status}");
    }
}
