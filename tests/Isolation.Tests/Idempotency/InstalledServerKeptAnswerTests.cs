using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Idempotency;

[Collection("The installed server")]
public sealed class InstalledServerKeptAnswerTests(InstalledService service) : KeptAnswerSuite(service);
