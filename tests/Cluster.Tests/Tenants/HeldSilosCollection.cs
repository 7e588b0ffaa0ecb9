namespace Kataven.Cluster.Tests.Tenants;

/// <summary>The tests that share one <see cref="HeldSilos"/>.</summary>
[CollectionDefinition]
public sealed class HeldSilosCollection : ICollectionFixture<HeldSilos>;
