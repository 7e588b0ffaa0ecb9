using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Tenants;

internal sealed partial class TenantDrain
{
    [LoggerMessage(LogLevel.Information, "The silo stops: its {Count} accounts move to others, and what runs may end within {Seconds} s")]
    private partial void LogDrains(int count, double seconds);

    [LoggerMessage(LogLevel.Information, "All accounts have moved after {Seconds} s")]
    private partial void LogMoved(double seconds);

    [LoggerMessage(LogLevel.Warning, "The silo has drained for as long as it may: what still runs is cancelled")]
    private partial void LogBrokenOff();
}
