using Kataven.Accounts;
using Kataven.Cluster.Tests.Silos;

namespace Kataven.Cluster.Tests.Tenants;

[Collection<TwoSilosCollection>]
public sealed class ActivationTests(TwoSilos silos)
{
    [Fact]
    public async Task Sixty_four_first_requests_at_once_from_all_silos_meet_one_activation()
    {
        var account = await TestAccount.CreateAsync(silos.Cluster, new AccountLimits { MaxLanes = 1 });
        var together = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var requests = Enumerable.Range(0, 64).Select(async i =>
        {
            await together.Task;
            return await account.ValueAsync("SELECT pg_backend_pid()", silo: i);
        }).ToArray();

        together.SetResult();

        // Another activation would have a lane, and so a process, of its own.
        Assert.Single((await Task.WhenAll(requests)).Distinct());
        Assert.Single(silos.Cluster.Pools(account.Id));
        Assert.Equal(1, await account.ConnectionsAsync());
    }

    [Fact]
    public async Task Whoever_warms_an_account_up_hears_of_it_when_a_lane_is_open_and_not_before()
    {
        var account = await TestAccount.CreateAsync(silos.Cluster);
        var warming = Enumerable.Range(0, 8).Select(silo => account.Tenant(silo).WarmAsync()).ToList();

        Assert.Null((await await Task.WhenAny(warming)).Refusal);

        // More follow where the first is not back yet when the others come.
        Assert.InRange(await account.ConnectionsAsync(), 1, warming.Count);
        Assert.All(await Task.WhenAll(warming), warmth => Assert.Null(warmth.Refusal));
    }
}
