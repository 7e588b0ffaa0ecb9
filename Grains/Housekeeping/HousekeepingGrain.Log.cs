using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Housekeeping;

internal sealed partial class HousekeepingGrain
{
    [LoggerMessage(LogLevel.Warning, "Could not tidy up: {Task} failed; it is tried again")]
    private partial void LogFailed(Exception exception, string task);
}
