using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Credentials;

/// <summary>The tests that share a service with a key, one after the other.</summary>
[CollectionDefinition]
public sealed class SecretCollection : ICollectionFixture<SecretService>;
