using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Migrations;

[Collection("The newest server")]
public sealed class NewestServerHistoryTests(NewestService service) : HistorySuite(service);
