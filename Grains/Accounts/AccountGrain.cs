using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Cluster;
using Kataven.Grains.Isolation;
using Kataven.Grains.Migrations;
using Kataven.Grains.Operations;
using Kataven.Operations;
using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Accounts;

/// <summary>The life of one account, one call at a time. The steps are <see cref="AccountDatabase"/>'s; this is their order.</summary>
internal sealed partial class AccountGrain(
    AccountTable table,
    CredentialStore credentials,
    AccountDatabase database,
    IsolationAlarm alarm,
    AccountRole role,
    AccountRemoval removal,
    AccountOperations operations,
    BaselineMigrations baseline,
    SiloPulse pulse,
    ILogger<AccountGrain> logger) : Grain, IAccountGrain
{
    private static readonly AccountStatus[] Unfinished = [AccountStatus.Provisioning, AccountStatus.Failed];

    private static readonly AccountStatus[] Finished = [AccountStatus.Active, AccountStatus.Suspended];

    private AccountId Id => AccountId.Parse(this.GetPrimaryKeyString());

    public Task<AccountResult> CreateAsync(NewAccount account) => WithKeyAsync(async () =>
    {
        if (Id.IsReserved)
        {
            return Refused(ErrorCode.ReservedAccount, "This slug is never an account.");
        }

        // A database that nobody has put into the table is somebody's: it is adopted by a row, never handed out by a name.
        if (await table.ReadAsync(Id, default) is null && await database.ExistsAsync(Id, default))
        {
            return Refused(ErrorCode.AccountExists, Foreign);
        }

        if (await operations.ClaimantAsync(Id, default) is { } underWay)
        {
            return AccountResult.Refused(Refusal.Of(ErrorCode.OperationRunning, "An operation is on the account.") with { OperationId = underWay });
        }

        // Before the slug is taken: what cannot be finished is not begun.
        await credentials.RequireKeyAsync(default);
        await pulse.WhenFeltAsync();
        return await table.TryReserveAsync(Id, account, null, default)
            ? await ProvisionAsync()
            : Refused(ErrorCode.AccountExists, "The slug is taken.");
    });

    public async Task<AccountResult> PatchAsync(AccountPatch patch)
    {
        var (_, isStale) = await ChangeAsync(_ => true, _ => false, account => table.TryPatchAsync(account, patch, default));
        return isStale ? AccountResult.Stale : await CurrentAsync();
    }

    public async Task<AccountResult> SuspendAsync(string? reason)
    {
        var (account, isStale) = await ChangeStatusAsync(AccountStatus.Suspended, reason);
        if (account is null)
        {
            return isStale ? AccountResult.Stale : await NeitherServedNorSuspendedAsync();
        }

        await operations.EndAsync(Id, Refusal.Inactive(AccountStatus.Suspended), alsoBackup: false, default);
        await StopAsync(account);
        return await CurrentAsync();
    }

    public async Task<AccountResult> ResumeAsync()
    {
        var (account, isStale) = await ChangeStatusAsync(AccountStatus.Active, null);
        if (account is null)
        {
            return isStale ? AccountResult.Stale : await NeitherServedNorSuspendedAsync();
        }

        // Its owner may not have heard of it yet, and would refuse whoever comes next. It looks at the table, and stops nothing.
        await TellOwnerAsync();
        return await CurrentAsync();
    }

    public Task<AccountResult> AdoptAsync() => WithKeyAsync(async () =>
    {
        if (await table.ReadAsync(Id, default) is not { } row)
        {
            return NotFound();
        }

        if (row.Account.Status != AccountStatus.Active)
        {
            return AccountResult.Refused(Refusal.Inactive(row.Account.Status));
        }

        if (!row.HasDatabase)
        {
            return AccountResult.Refused(Refusal.InvalidAccount());
        }

        if (!await IsOursAsync(row.Account))
        {
            return AccountResult.Refused(await alarm.RaiseAsync(Id));
        }

        await EquipAsync(isCopy: false);
        LogAdopted(Id.Value);
        return await CurrentAsync();
    }, SecretKeyException.ForAccounts);

    public Task<AccountResult> RepairAsync() => WithKeyAsync(async () =>
    {
        if (await table.ReadAsync(Id, default) is not { HasDatabase: true } row || !Finished.Contains(row.Account.Status))
        {
            return await NeitherServedNorSuspendedAsync();
        }

        if (!await IsOursAsync(row.Account))
        {
            return AccountResult.Refused(await alarm.RaiseAsync(Id));
        }

        await credentials.CloseAnewAsync(Id, default);
        await EquipAsync(isCopy: false);
        LogRepaired(Id.Value);
        return await CurrentAsync();
    });

    public Task<AccountResult> RotateCredentialAsync() => WithKeyAsync(async () =>
    {
        // Stored before it is set: a lane that is refused in between reads it again.
        if (await table.ReadAsync(Id, default) is null || !await credentials.RotateAsync(Id, default))
        {
            return NotFound();
        }

        await role.EnsureAsync((await credentials.FindAsync(Id, default))!, default);
        LogRotated(Id.Value);
        return await CurrentAsync();
    });

    private Task<(Account? Account, bool IsStale)> ChangeStatusAsync(AccountStatus status, string? reason) => ChangeAsync(
        account => Finished.Contains(account.Status),
        account => account.Status == status,
        account => table.TryChangeStatusAsync(account, status, reason, default));

    /// <summary>
    /// Changes the row only as it was read: a silo that froze before it asks finds out that it is not counted on any more, and one that freezes
    /// after it finds a row that whoever was asked in its place has changed. So does a call that was handed on late, by what came with it.
    /// </summary>
    /// <param name="may">Whether the account may be changed.</param>
    /// <param name="isDone">Whether it is already as it is to become: an earlier try of the same call has done it.</param>
    /// <param name="tryChange">Changes it.</param>
    /// <returns>What was changed; no account where there is nothing that may be.</returns>
    private async Task<(Account? Account, bool IsStale)> ChangeAsync(Func<Account, bool> may, Func<Account, bool> isDone, Func<Account, Task<bool>> tryChange)
    {
        while (await table.ReadAsync(Id, default) is { Account: var account } && may(account))
        {
            if (KnownVersion.OfCall is { } known && known != account.Version)
            {
                return isDone(account) ? (account, false) : (null, true);
            }

            await pulse.WhenFeltAsync();
            if (await tryChange(account))
            {
                return (account, false);
            }
        }

        return (null, false);
    }

    private async Task<AccountResult> WithKeyAsync(Func<Task<AccountResult>> act, string detail = SecretKeyException.ForOperators)
    {
        try
        {
            return await act();
        }
        catch (SecretKeyException)
        {
            LogKeyMissing(Id.Value);
            return AccountResult.Refused(Databases.Unavailable(detail) with { IsLasting = true });
        }
    }

    private async Task<AccountResult> ProvisionAsync()
    {
        if (await table.ReadAsync(Id, default) is not { Account: var account })
        {
            return NotFound();
        }

        try
        {
            if (!await database.TryMakeAsync(account, default))
            {
                await table.TrySetStatusAsync(account, Unfinished, AccountStatus.Failed, "a database of that name exists", default);
                return Refused(ErrorCode.AccountExists, Foreign);
            }

            if (await baseline.ApplyAsync(Id, await EquipAsync(isCopy: true), default) is { } failed)
            {
                await table.TrySetStatusAsync(account, Unfinished, AccountStatus.Failed, "a migration failed", default);
                return AccountResult.Refused(failed);
            }

            await table.TrySetStatusAsync(account, Unfinished, AccountStatus.Active, null, default);
        }
        catch (Exception exception)
        {
            // The row stays, so that the same call finishes what was begun.
            LogProvisioningFailed(exception, Id.Value);
            await table.TrySetStatusAsync(account, Unfinished, AccountStatus.Failed, "provisioning did not finish", default);
            return AccountResult.Refused(Databases.Unavailable("The account could not be provisioned. Send the same request again to finish it."));
        }

        LogCreated(Id.Value);
        return await CurrentAsync();
    }

    /// <summary>Asked before anything is granted: a database that was renamed or restored into this name is somebody's.</summary>
    private async Task<bool> IsOursAsync(Account account) =>
        await database.MayCloseAsync(Id, await credentials.EnsureAsync(Id, default), default)
        && await database.TryClaimAsync(account, default);

    /// <summary>
    /// Each step goes by the slug, which may be another account's where this silo froze before it: so each asks first whether the silo is
    /// still counted on.
    /// </summary>
    private async Task<Credential> EquipAsync(bool isCopy)
    {
        await pulse.WhenFeltAsync();
        var credential = await credentials.EnsureAsync(Id, default);
        await pulse.WhenFeltAsync();
        await role.EnsureAsync(credential, default);
        await pulse.WhenFeltAsync();
        await database.EnsureGrantsAsync(Id.Value, credential, default);
        await pulse.WhenFeltAsync();
        await database.EnsureOwnershipAsync(Id.Value, credential, default);
        await pulse.WhenFeltAsync();
        await database.EnsureClosedAsync(Id.Value, credential, isCopy, default);
        await credentials.MarkStampedAsync(Id, credential.AccountUid, default);
        await pulse.WhenFeltAsync();
        return credential with { WasStamped = true };
    }

    private async Task<AccountResult> NeitherServedNorSuspendedAsync() =>
        await table.ReadAsync(Id, default) is { } row ? AccountResult.Refused(Refusal.Inactive(row.Account.Status)) : NotFound();

    private async Task<AccountResult> CurrentAsync() =>
        await table.ReadAsync(Id, default) is { } row ? AccountResult.Of(row.Account) : NotFound();

    private const string Foreign = "A database of that name exists on the server. To adopt it, insert its row into accounts.";

    private static AccountResult NotFound() => Refused(ErrorCode.AccountNotFound, "There is no such account.");

    private static AccountResult Refused(ErrorCode code, string detail) => AccountResult.Refused(Refusal.Of(code, detail));
}
