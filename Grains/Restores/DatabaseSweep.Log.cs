using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Restores;

internal sealed partial class DatabaseSweep
{
    [LoggerMessage(LogLevel.Information, "Database {Database} of a {Kind} of account {Account} was removed")]
    private partial void LogDropped(string database, string kind, string account);
}
