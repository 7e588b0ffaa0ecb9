namespace Kataven.Isolation.Tests.Managed;

[Collection<InstalledManagedCollection>]
public sealed class InstalledManagedServerTests(InstalledManagedService service) : ManagedSuite(service);
