using Microsoft.Extensions.Logging;

namespace Kataven.Silo.Schema;

internal static partial class SchemaGate
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting for the system database, up to {Deadline}: {Reason}")]
    private static partial void LogWaiting(ILogger logger, TimeSpan deadline, string reason);
}
