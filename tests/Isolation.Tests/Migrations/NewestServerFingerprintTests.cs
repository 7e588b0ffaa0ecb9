using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Migrations;

[Collection("The newest server")]
public sealed class NewestServerFingerprintTests(NewestService service) : FingerprintSuite(service);
