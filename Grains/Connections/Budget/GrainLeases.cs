namespace Kataven.Grains.Connections.Budget;

/// <summary>A silo's slots come from the grain that owns the budget.</summary>
internal sealed class GrainLeases(IGrainFactory grains, ILocalSiloDetails silo) : ILeases
{
    private long _number;

    public Task<LeaseAnswer> AskAsync(SlotNeed need, CancellationToken cancellation) =>
        grains.GetGrain<IConnectionBudgetGrain>(IConnectionBudgetGrain.Key).LeaseAsync(
            new LeaseCall(silo.SiloAddress, ++_number, need), cancellation);
}
