using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Connections;

internal sealed partial class LaneOpenings
{
    [LoggerMessage(LogLevel.Warning, "PostgreSQL takes no connections: one is tried at a time until it does")]
    private partial void LogAway();

    [LoggerMessage(LogLevel.Information, "PostgreSQL takes connections again")]
    private partial void LogBack();
}
