namespace Kataven.Grains.Connections.Budget;

/// <summary>What a silo gets.</summary>
/// <param name="Granted">Slots that are the silo's from now on, besides those that it told of.</param>
/// <param name="Owed">Slots that others wait for, and this silo is to give up as they come free.</param>
/// <param name="Budget">Connections that the whole cluster may hold for accounts.</param>
[GenerateSerializer, Immutable, Alias("kataven.LeaseAnswer")]
internal sealed record LeaseAnswer(
    [property: Id(0)] int Granted,
    [property: Id(1)] int Owed,
    [property: Id(2)] int Budget);
