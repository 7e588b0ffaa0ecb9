using System.Security.Claims;

namespace Kataven.Api.Authentication;

/// <summary>A token that was validated.</summary>
/// <param name="Principal">What the framework made of it.</param>
/// <param name="Claims">What it says.</param>
/// <param name="KeyId">The key that it names, or null.</param>
/// <param name="Keys">The keys that it was validated with: with others, it has to be validated anew.</param>
/// <param name="Until">When it expires.</param>
internal sealed record KnownToken(ClaimsPrincipal Principal, TokenClaims Claims, string? KeyId, KeySet Keys, DateTimeOffset Until);
