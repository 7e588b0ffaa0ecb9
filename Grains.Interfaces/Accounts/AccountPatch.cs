namespace Kataven.Accounts;

/// <summary>What a PATCH changes. A member that is not set stays as it is.</summary>
[GenerateSerializer, Immutable, Alias("kataven.AccountPatch")]
public sealed record AccountPatch
{
    [Id(0)]
    public string? Name { get; init; }

    /// <summary>True where <see cref="OrgId"/> is to be taken, null included, which unbinds.</summary>
    [Id(1)]
    public bool SetsOrgId { get; init; }

    [Id(2)]
    public string? OrgId { get; init; }

    /// <summary>The limits that are named, each with its new value or null for the default.</summary>
    [Id(3)]
    public IReadOnlyDictionary<string, int?> Limits { get; init; } = new Dictionary<string, int?>();
}
