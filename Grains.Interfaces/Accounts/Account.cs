namespace Kataven.Accounts;

/// <summary>A row of <c>accounts</c>, as those who operate the service see it.</summary>
[GenerateSerializer, Immutable, Alias("kataven.Account")]
public sealed record Account
{
    [Id(0)]
    public required AccountId Id { get; init; }

    [Id(1)]
    public required string Name { get; init; }

    [Id(2)]
    public required AccountStatus Status { get; init; }

    /// <summary>Why it stands there: the reason of a suspension, what a provisioning failed at.</summary>
    [Id(3)]
    public string? StatusReason { get; init; }

    /// <summary>The organisation that the account is bound to, or null.</summary>
    [Id(4)]
    public string? OrgId { get; init; }

    [Id(5)]
    public required AccountLimits Limits { get; init; }

    [Id(6)]
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Grows with each change of the row.</summary>
    [Id(7)]
    public required long Version { get; init; }

    /// <summary>The account's login role, or null before it was given one.</summary>
    [Id(8)]
    public string? RoleName { get; init; }

    /// <summary>Never changes and is never used again, where a slug can be.</summary>
    [Id(9)]
    public Guid Uid { get; init; }
}
