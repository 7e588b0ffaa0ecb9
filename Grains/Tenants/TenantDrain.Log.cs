using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Tenants;

internal sealed partial class TenantDrain
{
    [LoggerMessage(LogLevel.Warning, "The silo has drained for as long as it may: what still runs is cancelled")]
    private partial void LogBrokenOff();
}
