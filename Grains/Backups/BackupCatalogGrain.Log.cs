using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Backups;

internal sealed partial class BackupCatalogGrain
{
    [LoggerMessage(LogLevel.Warning, "Backup {Backup} of account {Account} is deleted; its file stays in the store until it is swept")]
    private partial void LogFileLeft(Exception exception, Guid backup, string account);
}
