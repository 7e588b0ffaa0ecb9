using Kataven.Api.Authentication;

namespace Kataven.Api.Audit;

/// <summary>Who acts, as the audit log names them.</summary>
internal static class Actor
{
    /// <summary>PostgreSQL takes no NUL, and an issuer's odd subject is no reason to refuse.</summary>
    public static string Of(HttpContext context) => context.TokenClaims().Subject?.Replace('\0', '\uFFFD') ?? "unknown";
}
