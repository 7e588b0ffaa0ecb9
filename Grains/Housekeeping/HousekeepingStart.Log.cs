using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Housekeeping;

internal sealed partial class HousekeepingStart
{
    [LoggerMessage(LogLevel.Warning, "Housekeeping could not be begun; it is tried again")]
    private partial void LogNotBegun(Exception exception);
}
