using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Rollouts;

internal sealed partial class RolloutMigration
{
    [LoggerMessage(LogLevel.Warning, "The migration of account {Account} could not be reached; it is tried again")]
    private partial void LogTriedAgain(Exception exception, string account);
}
