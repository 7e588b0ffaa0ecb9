using System.Collections.Immutable;
using Kataven.Grains.Placement;
using Kataven.Grains.Tenants;
using Kataven.Tenants;
using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Cluster;

/// <summary>One on each silo that holds tenants: a grain could not be asked for by the silo that it runs on.</summary>
internal sealed class PoolReportService(GrainId id, Silo silo, ILoggerFactory loggers, TenantPools pools, LoadMeter load, ILocalSiloDetails details)
    : GrainService(id, silo, loggers), IPoolReportService
{
    public Task<ImmutableArray<PoolReport>> ReportAsync() => Task.FromResult<ImmutableArray<PoolReport>>([.. pools.Report(details.Name)]);

    public Task<SiloLoad> LoadAsync() => Task.FromResult(new SiloLoad(details.SiloAddress, load.Share));
}
