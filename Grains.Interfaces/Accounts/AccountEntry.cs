namespace Kataven.Accounts;

/// <summary>What the registry knows of an account: enough to decide whether a request may reach it.</summary>
/// <param name="Id">The account.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="OrgId">The organisation that it is bound to, or null.</param>
/// <param name="Version">The row's version: whoever decided by an older one has to decide again.</param>
[GenerateSerializer, Immutable, Alias("kataven.AccountEntry")]
public sealed record AccountEntry(
    [property: Id(0)] AccountId Id,
    [property: Id(1)] AccountStatus Status,
    [property: Id(2)] string? OrgId,
    [property: Id(3)] long Version);
