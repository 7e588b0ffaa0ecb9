using System.Collections.Immutable;
using Orleans.Concurrency;
using Orleans.Services;

namespace Kataven.Grains.Connections.Budget;

/// <summary>One silo's slots, as the budget's owner reaches them.</summary>
[Alias("kataven.ILeaseService")]
internal interface ILeaseService : IGrainService
{
    /// <summary>PostgreSQL's processes that the silo answers for.</summary>
    [Alias("Processes")]
    Task<ImmutableArray<int>> ProcessesAsync();

    /// <summary>Others wait for slots, or some have come free: the silo is to ask now.</summary>
    [Alias("Ask"), OneWay]
    Task AskAsync();
}
