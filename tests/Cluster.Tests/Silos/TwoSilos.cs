namespace Kataven.Cluster.Tests.Silos;

/// <summary>The cluster that most tests share, each with accounts of its own.</summary>
public sealed class TwoSilos(ClusterServer server) : IAsyncLifetime
{
    private SiloCluster? _cluster;

    public SiloCluster Cluster => _cluster ?? throw new InvalidOperationException("The fixture has not been started.");

    public async ValueTask InitializeAsync() => _cluster = await SiloCluster.StartAsync(server, 2);

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}
