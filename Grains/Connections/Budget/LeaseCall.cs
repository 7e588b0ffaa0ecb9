namespace Kataven.Grains.Connections.Budget;

/// <summary>What a silo tells of its slots, and asks for.</summary>
/// <param name="Silo">The silo.</param>
/// <param name="Number">Calls of the silo are numbered: one that comes late is passed over, and so is its answer.</param>
/// <param name="Need">What it holds and needs.</param>
[GenerateSerializer, Immutable, Alias("kataven.LeaseCall")]
internal sealed record LeaseCall([property: Id(0)] SiloAddress Silo, [property: Id(1)] long Number, [property: Id(2)] SlotNeed Need);
