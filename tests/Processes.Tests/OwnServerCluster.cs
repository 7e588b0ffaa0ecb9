using Kataven.Testing.Cluster;

namespace Kataven.Processes.Tests;

/// <summary>Two silos and a front door on a server that tests stop, and whose system database they take away: all outlast it.</summary>
public sealed class OwnServerCluster : IAsyncLifetime
{
    private RealCluster? _cluster;

    public OwnServer Server { get; } = new();

    public RealCluster Cluster => _cluster ?? throw new InvalidOperationException("The fixture has not been started.");

    public async ValueTask InitializeAsync()
    {
        await Server.InitializeAsync();
        _cluster = await RealCluster.StartAsync(
            Server.Server.ConnectionString, new ClusterPlan { Silos = 2, Fronts = 1, LongestLife = TimeSpan.FromMinutes(30) });
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        await Server.DisposeAsync();
    }
}
