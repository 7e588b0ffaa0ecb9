namespace Kataven.Accounts;

/// <summary>What the registry knows of an account: enough to decide whether a request may reach it.</summary>
/// <param name="Id">The account.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="OrgId">The organisation that it is bound to, or null.</param>
/// <param name="Version">The row's version: whoever decided by an older one has to decide again.</param>
/// <param name="Uid">The account's own id, which one that is made under the same slug later does not have; empty from a silo of a version before it.</param>
[GenerateSerializer, Immutable, Alias("kataven.AccountEntry")]
public sealed record AccountEntry(
    [property: Id(0)] AccountId Id,
    [property: Id(1)] AccountStatus Status,
    [property: Id(2)] string? OrgId,
    [property: Id(3)] long Version,
    [property: Id(4)] Guid Uid = default)
{
    /// <summary>False where the slug is another account's by now.</summary>
    public bool IsSameAs(AccountEntry other) => Uid == other.Uid || Uid == Guid.Empty || other.Uid == Guid.Empty;
}
