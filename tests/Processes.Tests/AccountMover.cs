using System.Net;
using Kataven.Tenants;
using Kataven.Testing;
using Kataven.Testing.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Kataven.Processes.Tests;

/// <summary>Has accounts of a cluster of processes be on the silo that a test wants, as a client of one of its gateways.</summary>
public sealed class AccountMover : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly RealCluster _cluster;
    private readonly IHost _host;

    private AccountMover(RealCluster cluster, IHost host) => (_cluster, _host) = (cluster, host);

    private IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <param name="cluster">The cluster.</param>
    /// <param name="clusterId">Its <c>Kataven:Cluster:ClusterId</c>.</param>
    public static async Task<AccountMover> StartAsync(RealCluster cluster, string clusterId)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client
            .UseStaticClustering(new IPEndPoint(IPAddress.Loopback, cluster.Silos[0].Ports.Gateway))
            .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (clusterId, "kataven")));
        var host = builder.Build();
        await host.StartAsync();
        return new AccountMover(cluster, host);
    }

    /// <summary>Returns when the account is there.</summary>
    public async Task MoveAsync(string account, string silo)
    {
        var hosts = await Grains.GetGrain<IManagementGrain>(0).GetDetailedHosts(onlyActive: true);
        var address = hosts.Single(host => host.SiloName == silo).SiloAddress;
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

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
