using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Tenants;

[Collection("The installed server")]
public sealed class InstalledServerHonestTests(InstalledService service) : HonestSuite(service);
