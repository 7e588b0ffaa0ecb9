using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Accounts;

internal sealed partial class AccountFeed
{
    [LoggerMessage(LogLevel.Warning, "Could not read accounts from the system database; those that are known are served on, and it is tried again until it answers")]
    private partial void LogReadFailed(Exception exception);

    [LoggerMessage(LogLevel.Information, "Accounts are read from the system database again")]
    private partial void LogReadAgain();

    [LoggerMessage(LogLevel.Warning, "Could not tidy up in the system database after changes of accounts; it is tried again, and changes are noticed all the same")]
    private partial void LogUpkeepFailed(Exception exception);
}
