using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Operations;

internal sealed partial class AccountOperations
{
    [LoggerMessage(LogLevel.Warning, "The {Kind} {Operation} of account {Account} was told to end, and has not yet")]
    private partial void LogNotEnded(Exception exception, string kind, Guid operation, string account);
}
