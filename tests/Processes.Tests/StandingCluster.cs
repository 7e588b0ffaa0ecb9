using Kataven.Cluster.Tests.Silos;
using Kataven.Testing.Cluster;

namespace Kataven.Processes.Tests;

/// <summary>
/// The cluster that most tests share, one after the other, each with accounts of its own: two silos and two front doors. A start of a
/// process costs seconds of a core, so a test may end any of them, or add some, and leaves the rest to the next one's <see cref="WholeAsync"/>.
/// </summary>
public sealed class StandingCluster(ClusterServer server) : IAsyncLifetime
{
    /// <summary>For a client of its gateways.</summary>
    public const string ClusterId = "standing";

    private RealCluster? _cluster;

    public ClusterServer Server => server;

    /// <summary>As it was at the beginning.</summary>
    public async Task<RealCluster> WholeAsync()
    {
        var cluster = _cluster ?? throw new InvalidOperationException("The fixture has not been started.");
        await cluster.MakeWholeAsync();
        return cluster;
    }

    public async ValueTask InitializeAsync() => _cluster = await RealCluster.StartAsync(server.ServiceConnectionString, new ClusterPlan
    {
        Silos = 2,
        Fronts = 2,
        Settings = new Dictionary<string, string> { ["Kataven__Cluster__ClusterId"] = ClusterId },
        LongestLife = TimeSpan.FromMinutes(30),
    });

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}
