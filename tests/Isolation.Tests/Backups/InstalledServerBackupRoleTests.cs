using Kataven.Isolation.Tests.Servers;

namespace Kataven.Isolation.Tests.Backups;

[Collection("The installed server")]
public sealed class InstalledServerBackupRoleTests(InstalledService service) : BackupRoleSuite(service);
