namespace Kataven.Processes.Tests;

/// <summary>The tests that take a server from its cluster, one after the other.</summary>
[CollectionDefinition]
public sealed class OwnServerCollection : ICollectionFixture<OwnServerCluster>;
