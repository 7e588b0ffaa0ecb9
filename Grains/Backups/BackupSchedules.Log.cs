using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Backups;

internal sealed partial class BackupSchedules
{
    [LoggerMessage(LogLevel.Information, "The backup of account {Account} that is due was not begun: {Detail}")]
    private partial void LogNotBegun(string account, string detail);
}
