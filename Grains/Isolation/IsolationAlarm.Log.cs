using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Isolation;

internal sealed partial class IsolationAlarm
{
    [LoggerMessage(LogLevel.Critical, "The database behind account {Account} is not the account's: its stamp or its role is another's. It is not served")]
    private partial void LogViolation(string account);

    [LoggerMessage(LogLevel.Error, "The isolation violation of account {Account} could not be written to the audit log")]
    private partial void LogAuditFailed(Exception exception, string account);
}
