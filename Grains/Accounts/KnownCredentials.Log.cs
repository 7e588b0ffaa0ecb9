using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Accounts;

internal sealed partial class KnownCredentials
{
    [LoggerMessage(LogLevel.Debug, "Credentials could not be read from the system database")]
    private partial void LogNotRead(Exception exception);
}
