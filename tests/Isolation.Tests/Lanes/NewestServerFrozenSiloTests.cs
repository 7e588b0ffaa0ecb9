using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Lanes;

[Collection("The newest server")]
public sealed class NewestServerFrozenSiloTests(NewestService service) : FrozenSiloSuite(service);
