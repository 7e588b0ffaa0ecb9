namespace Kataven.Fleet.Tests.Operations;

/// <summary>The tests that share one <see cref="FleetService"/>.</summary>
[CollectionDefinition(Name)]
public sealed class FleetCollection : ICollectionFixture<FleetService>
{
    public const string Name = "Fleet";
}
