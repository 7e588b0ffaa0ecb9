using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Migrations;

[Collection("The newest server")]
public sealed class NewestServerStatementwiseTests(NewestService service) : StatementwiseSuite(service);
