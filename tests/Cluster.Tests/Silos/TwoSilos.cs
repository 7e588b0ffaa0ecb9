namespace Kataven.Cluster.Tests.Silos;

/// <summary>The cluster that most tests share, each with accounts of its own.</summary>
public class TwoSilos(ClusterServer server) : IAsyncLifetime
{
    private const int Silos = 2;

    private SiloCluster? _cluster;

    public SiloCluster Cluster => _cluster ?? throw new InvalidOperationException("The fixture has not been started.");

    public ClusterServer Server => server;

    /// <summary>Configuration beyond the defaults.</summary>
    protected virtual (string Key, string Value)[] Settings => [];

    /// <summary>What each of them has beyond what every silo has.</summary>
    protected virtual void Configure(ISiloBuilder silo)
    {
    }

    /// <summary>For tests that stop a silo or start one: the next has two again.</summary>
    public async Task<SiloCluster> WholeAsync()
    {
        while (Cluster.Count > Silos)
        {
            await Cluster.StopAsync(Cluster.Count - 1);
        }

        while (Cluster.Count < Silos)
        {
            await Cluster.StartAnotherAsync();
        }

        return Cluster;
    }

    public async ValueTask InitializeAsync() => _cluster = await SiloCluster.StartAsync(server, Silos, Configure, Settings);

    public virtual async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
