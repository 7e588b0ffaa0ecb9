using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Lanes;

[Collection("The installed server")]
public sealed class InstalledServerFrozenSiloTests(InstalledService service) : FrozenSiloSuite(service);
