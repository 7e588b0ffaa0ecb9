using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Attacks;

[Collection("The newest server")]
public sealed class NewestServerAttackTests(NewestService service) : AttackSuite(service);
