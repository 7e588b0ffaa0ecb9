using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Migrations;

[Collection("The installed server")]
public sealed class InstalledServerLossTests(InstalledService service) : LossSuite(service);
