using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Tenants;

[Collection("The installed server")]
public sealed class InstalledServerToolTests(InstalledService service) : ToolSuite(service);
