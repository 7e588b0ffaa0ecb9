using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Operations;

internal sealed partial class OperationWatch
{
    [LoggerMessage(LogLevel.Warning, "Operations whose process is gone could not be looked for; it is tried again")]
    private partial void LogLookFailed(Exception exception);
}
