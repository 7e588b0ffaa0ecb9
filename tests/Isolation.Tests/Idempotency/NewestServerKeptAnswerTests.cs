using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Idempotency;

[Collection("The newest server")]
public sealed class NewestServerKeptAnswerTests(NewestService service) : KeptAnswerSuite(service);
