using System.Collections.Immutable;

namespace Kataven.Api.Authentication;

/// <summary>Who calls, and which organisations the validated token names. <see cref="TokenClaimsReader"/> makes it.</summary>
internal sealed record TokenClaims
{
    /// <summary>The caller, for the audit log; null in a token without <c>sub</c>.</summary>
    public string? Subject { get; init; }

    /// <summary>The user's own organisation.</summary>
    public Organisation? Home { get; init; }

    /// <summary>The organisation that the token was asked for: its id alone is in the token, what else is known comes from the others.</summary>
    public Organisation? AskedFor { get; init; }

    /// <summary>Each in which the user was granted a role, the home organisation perhaps among them.</summary>
    public ImmutableArray<Organisation> Granted { get; init; } = [];

    /// <summary>Every organisation that the token names, each once.</summary>
    public ImmutableArray<Organisation> Organisations { get; init; } = [];
}
