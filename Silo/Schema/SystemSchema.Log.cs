using Microsoft.Extensions.Logging;

namespace Kataven.Silo.Schema;

public static partial class SystemSchema
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Waiting for PostgreSQL, up to {Deadline}: {Reason}")]
    internal static partial void LogWaitingForServer(ILogger logger, TimeSpan deadline, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Created the database {Database}")]
    internal static partial void LogCreatedDatabase(ILogger logger, string database);

    [LoggerMessage(Level = LogLevel.Information, Message = "Applied {Script} to the system database")]
    internal static partial void LogAppliedScript(ILogger logger, string script);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The system database is at version {Found}, newer than the {Known} of this build, which goes on with it")]
    internal static partial void LogNewerSchema(ILogger logger, int found, int known);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Every role of the server may connect to the database {Database}, and this one may not change that: "
            + "have its owner run REVOKE CONNECT ON DATABASE {Database} FROM PUBLIC")]
    internal static partial void LogOpenToPublic(ILogger logger, string database);
}
