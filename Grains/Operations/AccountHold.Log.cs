using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Operations;

internal sealed partial class AccountHold
{
    [LoggerMessage(LogLevel.Warning, "The hold of account {Account} could not be renewed; it is tried again")]
    private partial void LogRenewalFailed(Exception exception, string account);

    [LoggerMessage(LogLevel.Warning, "The hold of account {Account} could not be released; it ends by itself")]
    private partial void LogReleaseFailed(Exception exception, string account);
}
