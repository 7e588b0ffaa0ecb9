using Kataven.Testing;

namespace Kataven.Isolation.Tests.Servers;

/// <summary>The service on the PostgreSQL that the machine has.</summary>
public sealed class InstalledService() : ArenaService(new PrivatePostgresFixture());
