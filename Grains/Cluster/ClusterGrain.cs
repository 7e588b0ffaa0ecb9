using System.Collections.Immutable;
using Kataven.Accounts;
using Kataven.Cluster;
using Kataven.Grains.Accounts;
using Kataven.Grains.Connections.Budget;
using Kataven.Grains.Tenants;
using Kataven.Tenants;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Kataven.Grains.Cluster;

/// <summary>Looks over the whole cluster, by asking each silo for what its pools publish.</summary>
[StatelessWorker, Reentrant]
internal sealed class ClusterGrain(
    PoolReportClient reports,
    TenantSilos tenants,
    AccountFeed feed,
    BudgetSize budget,
    TimeProvider time) : Grain, IClusterGrain
{
    /// <summary>How long a silo may take to answer: one that is about to be declared dead holds no pools worth waiting for.</summary>
    private static readonly TimeSpan AskFor = TimeSpan.FromSeconds(2);

    /// <summary>How long closing a pool waits for what runs in it.</summary>
    private static readonly TimeSpan CloseWithin = TimeSpan.FromMinutes(1);

    private IManagementGrain Management => GrainFactory.GetGrain<IManagementGrain>(0);

    public async Task<ClusterReport> GetAsync()
    {
        var hosts = await Management.GetDetailedHosts(onlyActive: false);
        var silos = await Task.WhenAll(hosts.Where(host => host.Status != SiloStatus.Dead).Select(DescribeAsync));
        return new ClusterReport(
            [.. silos.OrderBy(silo => silo.Name, StringComparer.Ordinal)],
            await budget.GetAsync(silos.Length),
            silos.Sum(silo => silo.Connections));
    }

    public async Task<ImmutableArray<PoolReport>> PoolsAsync()
    {
        var hosts = await Management.GetHosts(onlyActive: true);
        var pools = await Task.WhenAll(hosts.Keys.Where(silo => tenants.Holds(silo, GrainType)).Select(ReportAsync));
        return [.. pools.SelectMany(pool => pool).OrderBy(pool => pool.Account.Value, StringComparer.Ordinal)];
    }

    public async Task ClosePoolAsync(AccountId id)
    {
        if (!(await PoolsAsync()).Any(pool => pool.Account == id))
        {
            return;
        }

        var age = time.GetTimestamp();
        await GrainFactory.GetGrain<ITenantGrain>(id.Value).CloseAsync();
        // The activation goes when what runs has ended. One that is younger than this call is not the one that was meant.
        while (time.GetElapsedTime(age) < CloseWithin
            && (await PoolsAsync()).Any(pool => pool.Account == id && pool.Age >= time.GetElapsedTime(age)))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time);
        }
    }

    public async Task<HealthReport> HealthAsync()
    {
        if (!feed.IsAvailable)
        {
            return new HealthReport(["system_database"]);
        }

        using var limit = new CancellationTokenSource(AskFor, time);
        try
        {
            // Any question shows whether it answers.
            await feed.RefreshOrganisationsAsync([""], limit.Token);
            return new HealthReport([]);
        }
        catch (Exception)
        {
            return new HealthReport(["system_database"]);
        }
    }

    private async Task<SiloReport> DescribeAsync(MembershipEntry host)
    {
        var isSilo = tenants.Holds(host.SiloAddress, GrainType);
        var pools = isSilo && host.Status == SiloStatus.Active ? await ReportAsync(host.SiloAddress) : [];
        return new SiloReport(
            host.SiloName,
            host.SiloAddress.Endpoint.ToString(),
            isSilo ? "silo" : "front",
            host.Status.ToString().ToLowerInvariant(),
            pools.Length,
            pools.Sum(pool => pool.LanesOpen));
    }

    private GrainType GrainType => GrainContext.GrainId.Type;

    private async Task<ImmutableArray<PoolReport>> ReportAsync(SiloAddress silo)
    {
        try
        {
            return await reports.ReportAsync(silo).WaitAsync(AskFor, time);
        }
        catch (Exception)
        {
            return [];
        }
    }
}
