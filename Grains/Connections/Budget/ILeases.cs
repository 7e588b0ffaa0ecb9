namespace Kataven.Grains.Connections.Budget;

/// <summary>Where a silo's slots come from.</summary>
internal interface ILeases
{
    /// <summary>Tells what the silo holds, and asks for more.</summary>
    /// <exception cref="Exception">Nobody answers now. What the silo held it still holds.</exception>
    Task<LeaseAnswer> AskAsync(SlotNeed need, CancellationToken cancellation);
}
