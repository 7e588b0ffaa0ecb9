using Kataven.Accounts;

namespace Kataven.Grains.Accounts;

/// <summary>
/// Removes an account for good: its databases, its role, its row, in this order, so that what was left behind half-way is found again.
/// Each step goes by what no other account ever has. A silo that froze in the middle may wake when the slug is another account's, whose
/// database, role and row it must not touch.
/// </summary>
internal sealed class AccountRemoval(AccountTable table, CredentialStore credentials, AccountDatabase database, AccountRole role)
{
    public async Task RemoveAsync(Account account, CancellationToken cancellation)
    {
        var identity = (await credentials.FindIdentityAsync(account.Id, cancellation).ConfigureAwait(false))?.Identity;
        await database.DropAsync(account, cancellation).ConfigureAwait(false);
        if (identity?.AccountUid == account.Uid)
        {
            await role.DropAsync(identity.Role, cancellation).ConfigureAwait(false);
        }

        await table.DeleteAsync(account, cancellation).ConfigureAwait(false);
    }
}
