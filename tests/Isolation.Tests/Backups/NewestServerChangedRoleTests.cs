using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Backups;

[Collection("The newest server")]
public sealed class NewestServerChangedRoleTests(NewestService service) : ChangedRoleSuite(service);
