using Kataven.Cluster.Tests.Silos;
using Kataven.Testing;
using Kataven.Testing.Cluster;

namespace Kataven.Processes.Tests;

/// <summary>Two silos and a front door with certificates of one authority.</summary>
public sealed class SealedCluster(ClusterServer server) : IAsyncLifetime
{
    private RealCluster? _cluster;

    public TestAuthority Authority { get; } = new();

    /// <summary>As it was at the beginning.</summary>
    public async Task<RealCluster> WholeAsync()
    {
        var cluster = _cluster ?? throw new InvalidOperationException("The fixture has not been started.");
        await cluster.MakeWholeAsync();
        return cluster;
    }

    public async ValueTask InitializeAsync() => _cluster = await RealCluster.StartAsync(
        server.ServiceConnectionString, new ClusterPlan { Settings = Authority.Settings("member"), LongestLife = TimeSpan.FromMinutes(30) });

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        Authority.Dispose();
    }
}
