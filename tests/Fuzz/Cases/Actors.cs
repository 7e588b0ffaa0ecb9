namespace Kataven.Fuzz.Cases;

/// <summary>Who takes part in a run.</summary>
internal sealed record Actors
{
    /// <summary>The account that a case acts for is one of these.</summary>
    public required IReadOnlyList<string> Attackers { get; init; }

    /// <summary>A valid token for each of <see cref="Attackers"/>.</summary>
    public required IReadOnlyDictionary<string, string> Tokens { get; init; }

    /// <summary>Whose data nobody may see.</summary>
    public required string Victim { get; init; }

    /// <summary>What stands in each row of the victim's table. No case contains it, so no answer may.</summary>
    public required string Marker { get; init; }

    /// <summary>Opens the administration's routes.</summary>
    public required string AdminToken { get; init; }

    /// <summary>An account that the administration's routes are tried on.</summary>
    public required string Scratch { get; init; }

    /// <summary>The issuer's public key as PEM: what key confusion signs with.</summary>
    public required string PublicKeyPem { get; init; }

    /// <summary>PostgreSQL's functions with the types of their arguments, in the order of their names, so that a seed means the same again.</summary>
    public required IReadOnlyList<(string Name, string[] Arguments)> Functions { get; init; }

    public required IReadOnlyList<string> Types { get; init; }

    public required IReadOnlyList<string> Relations { get; init; }
}
