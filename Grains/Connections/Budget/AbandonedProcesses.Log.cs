using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Connections.Budget;

internal sealed partial class AbandonedProcesses
{
    [LoggerMessage(LogLevel.Warning, "PostgreSQL's process {ProcessId} has not ended: it counts against the budget of connections until it has")]
    private partial void LogAbandoned(int processId);
}
