using System.Collections.Immutable;
using Orleans.Runtime.Services;

namespace Kataven.Grains.Connections.Budget;

/// <summary>Reaches one silo's slots.</summary>
internal sealed class LeaseClient(IServiceProvider services) : GrainServiceClient<ILeaseService>(services)
{
    public Task<ImmutableArray<int>> ProcessesAsync(SiloAddress silo) => GetGrainService(silo).ProcessesAsync();

    public Task AskAsync(SiloAddress silo) => GetGrainService(silo).AskAsync();
}
