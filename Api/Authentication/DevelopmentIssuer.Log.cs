namespace Kataven.Api.Authentication;

internal sealed partial class DevelopmentIssuer
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The key of the development issuer is not available.")]
    private partial void LogKeyUnavailable(Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The registry could not be asked which organisation a development token is for.")]
    private partial void LogRegistryUnavailable(Exception fault);
}
