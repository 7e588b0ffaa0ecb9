using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Isolation;

internal sealed partial class IsolationNotice
{
    [LoggerMessage(LogLevel.Critical, "The passwords of {Count} accounts' roles are encrypted with a key that is neither Kataven:Secrets:Key nor one of Kataven:Secrets:FormerKeys. Until it is there these accounts cannot be served, and none can be made")]
    private partial void LogWrongKey(int count);

    [LoggerMessage(LogLevel.Warning, "The passwords of {Count} accounts' roles are still encrypted with one of Kataven:Secrets:FormerKeys: keep it until they are rotated")]
    private partial void LogFormerKey(int count);

    [LoggerMessage(LogLevel.Warning, "The passwords of {Count} accounts' roles are from before Kataven:Secrets:Key was set, and not encrypted until they are rotated")]
    private partial void LogClear(int count);

    [LoggerMessage(LogLevel.Warning, "Kataven:Secrets:Key is not set: the passwords of the accounts' roles stand in the system database as they are")]
    private partial void LogNoKey();

    [LoggerMessage(LogLevel.Warning, "Protection {Name} is missing: {Detail}")]
    private partial void LogMissing(string name, string detail);

    [LoggerMessage(LogLevel.Warning, "PostgreSQL's {Name} is '{Value}' and should be '{Recommended}': {Opens}")]
    private partial void LogSetting(string name, string value, string recommended, string opens);
}
