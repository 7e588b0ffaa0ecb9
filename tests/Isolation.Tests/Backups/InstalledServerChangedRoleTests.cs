using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Backups;

[Collection("The installed server")]
public sealed class InstalledServerChangedRoleTests(InstalledService service) : ChangedRoleSuite(service);
