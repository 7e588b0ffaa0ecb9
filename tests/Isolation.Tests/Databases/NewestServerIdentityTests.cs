using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Databases;

[Collection("The newest server")]
public sealed class NewestServerIdentityTests(NewestService service) : IdentitySuite(service);
