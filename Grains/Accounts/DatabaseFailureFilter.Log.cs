using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Accounts;

internal sealed partial class DatabaseFailureFilter
{
    [LoggerMessage(LogLevel.Warning, "The system database failed in {Interface}.{Method}")]
    private partial void LogFailed(Exception exception, string @interface, string method);
}
