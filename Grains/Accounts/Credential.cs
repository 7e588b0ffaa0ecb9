using Kataven.Grains.Isolation;

namespace Kataven.Grains.Accounts;

/// <summary>An account's login role and its password, and whose database it has to meet. Its text never shows the password.</summary>
/// <param name="Role">The role.</param>
/// <param name="Password">The clear text.</param>
/// <param name="AccountUid">The account's immutable id, which the stamp in its database repeats.</param>
/// <param name="WasStamped">Whether its database was closed and stamped before.</param>
internal sealed record Credential(string Role, string Password, Guid AccountUid, bool WasStamped)
{
    public ExpectedIdentity Expected => new(Role, AccountUid, WasStamped);

    public override string ToString() => Role;
}
