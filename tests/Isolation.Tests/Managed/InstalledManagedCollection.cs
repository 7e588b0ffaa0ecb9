namespace Kataven.Isolation.Tests.Managed;

/// <summary>The tests that share the service with few rights, one after the other.</summary>
[CollectionDefinition]
public sealed class InstalledManagedCollection : ICollectionFixture<InstalledManagedService>;
