using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Backups;

internal sealed partial class BackupSchedules
{
    [LoggerMessage(LogLevel.Information, "The {Kind} of account {Account} that is due was not begun: {Detail}")]
    private partial void LogNotBegun(Exception? exception, string kind, string account, string detail);
}
