namespace Kataven.Api.Authentication;

internal sealed partial class AuthenticationNotice
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Tokens are issued here, as {Issuer}: POST /dev/token, for callers on this machine. Never so outside Development.")]
    private partial void LogDevelopmentIssuer(string issuer);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kataven:Auth:AdminOrgId is not set: every route under /api/admin answers 403.")]
    private partial void LogNoAdministrators();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kataven:Auth:RequireBinding is false: whoever may name an organisation at the issuer can take the name of an account that is not bound.")]
    private partial void LogNamesCount();
}
