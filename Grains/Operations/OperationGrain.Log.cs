using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Operations;

internal sealed partial class OperationGrain
{
    [LoggerMessage(LogLevel.Information, "The {Kind} {Operation} of account {Account}, whose process is gone, goes on; it was at \"{Step}\"")]
    private partial void LogResumed(string kind, Guid operation, string account, string step);

    [LoggerMessage(LogLevel.Warning, "The {Kind} {Operation} of account {Account} failed")]
    private partial void LogFailed(Exception exception, string kind, Guid operation, string account);

    [LoggerMessage(LogLevel.Error, "The {Kind} {Operation} of account {Account} broke off at its attempt {Attempt}; it is begun anew")]
    private partial void LogAttemptFailed(Exception exception, string kind, Guid operation, string account, int attempt);

    [LoggerMessage(LogLevel.Information, "The {Kind} {Operation} of account {Account} is put down at its attempt {Attempt}, since the silo stops: it goes on elsewhere")]
    private partial void LogPutDown(string kind, Guid operation, string account, int attempt);

    [LoggerMessage(LogLevel.Warning, "The {Kind} {Operation} of account {Account} is somebody else's now")]
    private partial void LogLost(string kind, Guid operation, string account);
}
