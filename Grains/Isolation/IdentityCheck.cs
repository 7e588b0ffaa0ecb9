using Kataven.Accounts;

namespace Kataven.Grains.Isolation;

/// <summary>Decides whether a lane may serve. Proof instead of trust: names can be changed behind the service's back.</summary>
internal static class IdentityCheck
{
    /// <param name="account">The account that the lane is for.</param>
    /// <param name="expected">Its role, its id, and whether its database was closed before.</param>
    /// <param name="found">What the lane found, or null where the database has no stamp.</param>
    /// <param name="serverMajor">The server's major version now.</param>
    public static IdentityVerdict Decide(AccountId account, ExpectedIdentity expected, Identity? found, int serverMajor)
    {
        if (found?.AccountUid is null)
        {
            // A database that had a stamp and has none is another one: a dump that was restored by hand, say.
            return expected.WasStamped ? IdentityVerdict.Violation : IdentityVerdict.NeedsRepair;
        }

        if (found.Database != account.Value || found.Role != expected.Role)
        {
            return IdentityVerdict.Violation;
        }

        if (found.AccountUid != expected.AccountUid)
        {
            // A row that was put back for a database whose account is gone: whether it is gone is looked at before anything is granted.
            return expected.WasStamped ? IdentityVerdict.Violation : IdentityVerdict.NeedsRepair;
        }

        return found.IsolationVersion >= IsolationScripts.Version && found.ServerMajor == serverMajor
            ? IdentityVerdict.Good
            : IdentityVerdict.NeedsRepair;
    }
}
