using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Connections.Budget;

internal sealed partial class ConnectionBudgetGrain
{
    [LoggerMessage(LogLevel.Warning, "The budget of connections could not be looked over")]
    private partial void LogLookFailed(Exception exception);

    [LoggerMessage(LogLevel.Information, "{Count} connections of accounts that no silo answers for count against the budget")]
    private partial void LogOrphans(int count);
}
