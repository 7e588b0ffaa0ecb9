using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Backups;

[Collection("The newest server")]
public sealed class NewestServerRoundTripTests(NewestService service) : RoundTripSuite(service);
