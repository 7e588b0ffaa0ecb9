namespace Kataven.Grains.Connections.Budget;

/// <summary>What a silo holds and needs.</summary>
/// <param name="Held">Slots that are the silo's. What it gave up it does not use any more.</param>
/// <param name="Wanted">Slots more that its accounts wait for.</param>
/// <param name="Spare">Slots more that it would keep ready, where there are plenty.</param>
/// <param name="Idle">Slots of those held that are free, or whose connection does nothing.</param>
/// <param name="Accounts">Accounts that have a slot or wait for one.</param>
[GenerateSerializer, Immutable, Alias("kataven.SlotNeed")]
internal readonly record struct SlotNeed(
    [property: Id(0)] int Held,
    [property: Id(1)] int Wanted,
    [property: Id(2)] int Spare,
    [property: Id(3)] int Idle,
    [property: Id(4)] int Accounts);
