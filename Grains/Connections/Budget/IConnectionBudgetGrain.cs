namespace Kataven.Grains.Connections.Budget;

/// <summary>
/// Owns the number of connections that the whole cluster may hold open for accounts. Silos lease slots from it and give them back;
/// it never gives out more than there are, counting those of silos that died until PostgreSQL has ended their processes.
/// </summary>
[Alias("kataven.IConnectionBudgetGrain")]
internal interface IConnectionBudgetGrain : IGrainWithIntegerKey
{
    /// <summary>The only one there is.</summary>
    const long Key = 0;

    /// <summary>Tells what a silo holds, and asks for more.</summary>
    [Alias("Lease")]
    Task<LeaseAnswer> LeaseAsync(LeaseCall call, CancellationToken cancellation);
}
