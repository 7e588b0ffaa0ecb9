namespace Kataven.Isolation.Tests.Managed;

public sealed class InstalledManagedServerTests(InstalledManagedService service) : ManagedSuite(service), IClassFixture<InstalledManagedService>;
