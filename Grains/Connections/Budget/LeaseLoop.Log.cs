using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Connections.Budget;

internal sealed partial class LeaseLoop
{
    [LoggerMessage(LogLevel.Warning, "The owner of the budget of connections does not answer: what this silo has it keeps for a while, and gets no more")]
    private partial void LogFailed(Exception exception);
}
