using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Tenants;

internal sealed partial class FirstUseMigration
{
    [LoggerMessage(LogLevel.Error, "Account {Account} is served as it is: migration {Version} failed at its first use: {Detail}")]
    private partial void LogNotMigrated(string account, int? version, string detail);

    [LoggerMessage(LogLevel.Error, "Account {Account} is served as it is: it could not be migrated at its first use")]
    private partial void LogFailed(Exception exception, string account);
}
