namespace Kataven.Api.Authentication;

internal sealed partial class IssuerKeys
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys of the issuer at {Address} could not be fetched (Kataven:Auth:Authority). Tokens of keys that are not known are refused.")]
    private partial void LogUnreachable(Exception fault, string address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The issuer at {Address} publishes no signing key that can be used (RSA or EC). Those that were known stay in force.")]
    private partial void LogNoKeys(string address);
}
