namespace Kataven.Api.Audit;

internal sealed partial class AuditFilter
{
    [LoggerMessage(LogLevel.Warning, "How the call of audit entry {Entry} ended could not be written")]
    private partial void LogEndLost(Exception exception, long entry);
}
