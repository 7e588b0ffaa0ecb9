using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Restores;

internal sealed partial class CloneMethod
{
    [LoggerMessage(LogLevel.Warning, "PostgreSQL's file_copy_method is clone, and the database of account {Account} could not be cloned so within {Seconds} s: {Reason}. It is cloned in another way")]
    private partial void LogNotCloned(string account, int seconds, string reason);
}
