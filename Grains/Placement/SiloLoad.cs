namespace Kataven.Grains.Placement;

/// <summary>How busy another silo is.</summary>
/// <param name="Silo">Which.</param>
/// <param name="Share">What it uses of all of its cores: 0 to 1.</param>
[GenerateSerializer, Immutable, Alias("kataven.SiloLoad")]
internal sealed record SiloLoad([property: Id(0)] SiloAddress Silo, [property: Id(1)] double Share);
