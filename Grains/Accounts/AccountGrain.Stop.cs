using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Operations;
using Kataven.Tenants;

namespace Kataven.Grains.Accounts;

// How its requests end, and how it is removed.
internal sealed partial class AccountGrain
{
    /// <summary>How long requests under way have to be answered after an account was stopped, before its connections are ended under them.</summary>
    private static readonly TimeSpan QuietWithin = TimeSpan.FromSeconds(5);

    public async Task<OperationResult> BeginDeletionAsync(bool takesBackup, string actor) => await table.ReadAsync(Id, default) is null
        ? OperationResult.Refused(NotFound().Refusal!)
        : await operations.BeginDeletionAsync(Id, takesBackup, actor, default);

    public async Task<AccountResult> StopForDeletionAsync(Guid uid)
    {
        if (await table.ReadAsync(Id, default) is not { Account: var account } || account.Uid != uid)
        {
            return NotFound();
        }

        // What stands behind an account that could be served is the account's, also where nobody has used it yet. Behind one
        // that was never finished there may be somebody else's.
        if (Finished.Contains(account.Status))
        {
            await database.ClaimUnmarkedAsync(account, default);
        }

        await table.TrySetStatusAsync(account, Enum.GetValues<AccountStatus>(), AccountStatus.Deleting, null, default);
        await StopAsync(account);
        return AccountResult.Of(account);
    }

    public async Task<AccountResult> DeleteAsync(Guid uid)
    {
        if (await StopForDeletionAsync(uid) is not { Account: { } account })
        {
            return NotFound();
        }

        await removal.RemoveAsync(account, default);
        LogDeleted(Id.Value);
        return AccountResult.Of(account);
    }

    /// <summary>
    /// After this what ran is answered, and no connection of the account is open, whoever opened it; but for a backend that no
    /// signal reaches, which was told to end and does so when it can.
    /// </summary>
    private async Task StopAsync(Account account)
    {
        await TellOwnerAsync();
        if (await credentials.FindIdentityAsync(Id, default) is not (var identity, _) || identity.AccountUid != account.Uid)
        {
            return;
        }

        try
        {
            await role.EndConnectionsAsync(identity.Role, default);
        }
        catch (TimeoutException exception)
        {
            // They were told to end, nobody reads what they would answer, and no request reaches the account any more.
            LogStopIncomplete(exception, Id.Value);
        }
    }

    /// <summary>Has the account's one owner look at its row now, and stop where that says so.</summary>
    private async Task TellOwnerAsync()
    {
        try
        {
            await GrainFactory.GetGrain<ITenantGrain>(Id.Value).ObeyAsync().WaitAsync(QuietWithin);
        }
        catch (Exception exception) when (exception is TimeoutException or OrleansException)
        {
            // A stream whose client takes nothing, or a silo that is gone: the server decides what is still open.
            LogStopIncomplete(exception, Id.Value);
        }
    }
}
