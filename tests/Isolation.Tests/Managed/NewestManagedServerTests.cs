namespace Kataven.Isolation.Tests.Managed;

public sealed class NewestManagedServerTests(NewestManagedService service) : ManagedSuite(service), IClassFixture<NewestManagedService>;
