namespace Kataven.Processes.Tests;

/// <summary>The tests that share the cluster, one after the other.</summary>
[CollectionDefinition]
public sealed class StandingClusterCollection : ICollectionFixture<StandingCluster>;
