using System.Collections.Immutable;
using Kataven.Grains.Placement;
using Kataven.Tenants;
using Orleans.Runtime.Services;

namespace Kataven.Grains.Cluster;

/// <summary>Asks one silo for what its pools publish.</summary>
internal sealed class PoolReportClient(IServiceProvider services) : GrainServiceClient<IPoolReportService>(services)
{
    public Task<ImmutableArray<PoolReport>> ReportAsync(SiloAddress silo) => GetGrainService(silo).ReportAsync();

    public Task<SiloLoad> LoadAsync(SiloAddress silo) => GetGrainService(silo).LoadAsync();
}
