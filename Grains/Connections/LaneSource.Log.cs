using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Connections;

internal sealed partial class LaneSource
{
    [LoggerMessage(LogLevel.Warning, "No connection to the database of account {Account} could be opened")]
    private partial void LogOpenFailed(Exception exception, string account);

    [LoggerMessage(LogLevel.Critical, "Account {Account} cannot be served: its password is encrypted with a key that is neither Kataven:Secrets:Key nor one of Kataven:Secrets:FormerKeys")]
    private partial void LogKeyMissing(string account);

    [LoggerMessage(LogLevel.Warning, "Process {ProcessId} of account {Account} could not be ended")]
    private partial void LogTerminateFailed(Exception exception, string account, int processId);

    [LoggerMessage(LogLevel.Warning, "Account {Account} is owned by another activation now: this one stops")]
    private partial void LogLost(string account);

    [LoggerMessage(LogLevel.Warning, "{Count} processes of account {Account} that a former owner left behind do not end: what they run may still take effect")]
    private partial void LogLeftRunning(string account, long count);
}
