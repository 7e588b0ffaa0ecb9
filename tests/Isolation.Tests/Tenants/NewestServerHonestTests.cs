using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Tenants;

[Collection("The newest server")]
public sealed class NewestServerHonestTests(NewestService service) : HonestSuite(service);
