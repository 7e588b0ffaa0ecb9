namespace Kataven.Cluster.Tests.Operations;

/// <summary>The tests that share a service which is killed again and again, one after the other.</summary>
[CollectionDefinition]
public sealed class OperationsCollection : ICollectionFixture<KilledService>;
