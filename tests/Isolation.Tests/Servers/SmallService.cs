using Kataven.Testing;

namespace Kataven.Isolation.Tests.Servers;

/// <summary>A service with few accounts, for tests that look at all of them.</summary>
public sealed class SmallService() : ArenaService(new PrivatePostgresFixture());
