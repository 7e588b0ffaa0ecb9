using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Tenants;

[Collection("The newest server")]
public sealed class NewestServerToolTests(NewestService service) : ToolSuite(service);
