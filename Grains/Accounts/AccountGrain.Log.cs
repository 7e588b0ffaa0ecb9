using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Accounts;

internal sealed partial class AccountGrain
{
    [LoggerMessage(LogLevel.Information, "Account {Account} was created")]
    private partial void LogCreated(string account);

    [LoggerMessage(LogLevel.Information, "The database of account {Account} was given its role")]
    private partial void LogAdopted(string account);

    [LoggerMessage(LogLevel.Information, "Account {Account} was removed with its database and its role")]
    private partial void LogDeleted(string account);

    [LoggerMessage(LogLevel.Information, "The isolation of account {Account} was repaired")]
    private partial void LogRepaired(string account);

    [LoggerMessage(LogLevel.Information, "The password of account {Account}'s role was rotated")]
    private partial void LogRotated(string account);

    [LoggerMessage(LogLevel.Error, "Account {Account} could not be provisioned")]
    private partial void LogProvisioningFailed(Exception exception, string account);

    [LoggerMessage(LogLevel.Critical, "Nothing was done for account {Account}: passwords in the system database are encrypted with a key that is neither Kataven:Secrets:Key nor one of Kataven:Secrets:FormerKeys")]
    private partial void LogKeyMissing(string account);

    [LoggerMessage(LogLevel.Warning, "The tenant grain of account {Account} did not say in time that all of its requests have ended; its connections are ended all the same")]
    private partial void LogStopIncomplete(Exception exception, string account);
}
