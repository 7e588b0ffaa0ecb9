namespace Kataven.Cluster.Tests.Silos;

/// <summary>The tests that share the two silos, one after the other.</summary>
[CollectionDefinition]
public sealed class TwoSilosCollection : ICollectionFixture<TwoSilos>;
