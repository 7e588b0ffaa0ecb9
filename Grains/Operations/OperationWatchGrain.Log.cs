using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Operations;

internal sealed partial class OperationWatchGrain
{
    [LoggerMessage(LogLevel.Warning, "A rollout whose process is gone could not be looked for; it is tried again")]
    private partial void LogWakeFailed(Exception exception);
}
