using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Attacks;

[Collection("The installed server")]
public sealed class InstalledServerAttackTests(InstalledService service) : AttackSuite(service);
