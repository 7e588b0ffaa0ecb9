using System.Collections.Immutable;
using Kataven.Grains.Placement;
using Kataven.Tenants;
using Orleans.Services;

namespace Kataven.Grains.Cluster;

/// <summary>What one silo's pools publish.</summary>
[Alias("kataven.IPoolReportService")]
internal interface IPoolReportService : IGrainService
{
    [Alias("Report")]
    Task<ImmutableArray<PoolReport>> ReportAsync();

    [Alias("Load")]
    Task<SiloLoad> LoadAsync();
}
