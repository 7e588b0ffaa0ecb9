using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Databases;

[Collection("The installed server")]
public sealed class InstalledServerIdentityTests(InstalledService service) : IdentitySuite(service);
