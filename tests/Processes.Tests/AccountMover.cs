using System.Net;
using Kataven.Queries;
using Kataven.Tenants;
using Kataven.Testing;
using Kataven.Testing.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using ClusterMember = Kataven.Testing.Cluster.ClusterMember;

namespace Kataven.Processes.Tests;

/// <summary>Has accounts of a cluster of processes be on the silo that a test wants, as a client of one of its gateways.</summary>
public sealed class AccountMover : IAsyncDisposable
{
    /// <summary>Whatever version of the account's row the silo knows.</summary>
    private const long AnyVersion = long.MaxValue;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly RealCluster _cluster;
    private readonly IHost _host;

    private AccountMover(RealCluster cluster, IHost host) => (_cluster, _host) = (cluster, host);

    private IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <param name="cluster">The cluster.</param>
    /// <param name="clusterId">Its <c>Kataven:Cluster:ClusterId</c>.</param>
    /// <param name="gateway">The silo that it asks; null for the first.</param>
    public static async Task<AccountMover> StartAsync(RealCluster cluster, string clusterId, ClusterMember? gateway = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client
            .UseStaticClustering(new IPEndPoint(IPAddress.Loopback, (gateway ?? cluster.Silos[0]).Ports.Gateway))
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (clusterId, "kataven")));
        var host = builder.Build();
        await host.StartAsync();
        return new AccountMover(cluster, host);
    }

    /// <summary>Returns when the account is there.</summary>
    public async Task MoveAsync(string account, string silo)
    {
        var address = await AddressAsync(silo);
        await Eventually.Async(
            async () =>
            {
                await _cluster.Calls.QueryAsync(account, "SELECT 1");
                var places = await _cluster.PlacesAsync();
                if (places.GetValueOrDefault(account) == silo)
                {
                    return true;
                }

                await Grains.GetGrain<ITenantGrain>(account).MoveAsync(address);
                return false;
            },
            Patience,
            $"{account} is on {silo}");
    }

    /// <summary>Begins an account that nobody serves on one silo, by a statement which it comes to as soon as it runs.</summary>
    /// <param name="account">The account.</param>
    /// <param name="silo">As <see cref="AddressAsync"/> gives it.</param>
    /// <param name="sql">The statement.</param>
    public Task BeginOnAsync(string account, SiloAddress silo, string sql)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        try
        {
            return Grains.GetGrain<ITenantGrain>(account).QueryAsync(new QueryRequest(AnyVersion, new Statement(sql, []), QueryOptions.Default), CancellationToken.None);
        }
        finally
        {
            RequestContext.Clear();
        }
    }

    /// <summary>Of a silo that runs.</summary>
    public async Task<SiloAddress> AddressAsync(string silo) =>
        (await Grains.GetGrain<IManagementGrain>(0).GetDetailedHosts(onlyActive: true)).Single(host => host.SiloName == silo).SiloAddress;

    /// <summary>The silo that the budget's owner is on.</summary>
    public async Task<string> BudgetOwnerAsync()
    {
        var management = Grains.GetGrain<IManagementGrain>(0);
        var owner = Assert.Single(await management.GetDetailedGrainStatistics(), grain => grain.GrainType.Contains("ConnectionBudgetGrain", StringComparison.Ordinal));
        var hosts = await management.GetDetailedHosts(onlyActive: true);
        return hosts.Single(host => host.SiloAddress.Equals(owner.SiloAddress)).SiloName;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
