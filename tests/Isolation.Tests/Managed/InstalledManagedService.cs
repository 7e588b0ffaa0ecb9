using Kataven.Testing;

namespace Kataven.Isolation.Tests.Managed;

public sealed class InstalledManagedService() : ManagedService(new PrivatePostgresFixture());
