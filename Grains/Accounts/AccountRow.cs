using Kataven.Accounts;

namespace Kataven.Grains.Accounts;

/// <summary>A row of <c>accounts</c> as a silo keeps it.</summary>
/// <param name="Account">The row.</param>
/// <param name="HasDatabase">Whether the server had a database of that name when the row was read.</param>
internal sealed record AccountRow(Account Account, bool HasDatabase)
{
    public AccountId Id => Account.Id;

    /// <summary>True where a request may reach the tenant grain.</summary>
    public bool IsServed => HasDatabase && Account.Status == AccountStatus.Active;

    public AccountEntry ToEntry() => new(Account.Id, Account.Status, Account.OrgId, Account.Version, Account.Uid);
}
