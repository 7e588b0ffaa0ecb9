using Kataven.Operations;

namespace Kataven.Accounts;

/// <summary>
/// The life of one account: created, changed, suspended, removed. One activation in the cluster and one call at a
/// time, so that two operators never work on one account at once. Its steps can all be repeated after a crash.
/// </summary>
[Alias("kataven.IAccountGrain")]
public interface IAccountGrain : IGrainWithStringKey
{
    /// <summary>Creates the account, or finishes what an earlier attempt began. <c>account_exists</c> where it is there.</summary>
    [Alias("Create"), ResponseTimeout("00:02:00")]
    Task<AccountResult> CreateAsync(NewAccount account);

    /// <summary>Stale where the account is not as <see cref="KnownVersion"/> says.</summary>
    [Alias("Patch")]
    Task<AccountResult> PatchAsync(AccountPatch patch);

    /// <summary>
    /// Returns when the account is refused everywhere, its statements are cancelled and its connections closed. Stale where the account is
    /// neither as <see cref="KnownVersion"/> says nor suspended.
    /// </summary>
    [Alias("Suspend"), ResponseTimeout("00:03:00")]
    Task<AccountResult> SuspendAsync(string? reason);

    /// <summary>Stale where the account is neither as <see cref="KnownVersion"/> says nor active.</summary>
    [Alias("Resume"), ResponseTimeout("00:01:00")]
    Task<AccountResult> ResumeAsync();

    /// <summary>
    /// Begins the account's deletion, after ending what else is on it; where it is under way already, that one is the answer.
    /// </summary>
    /// <param name="takesBackup">Whether a last backup is made before anything is removed.</param>
    /// <param name="actor">Who wants it, for the audit log.</param>
    [Alias("BeginDeletion"), ResponseTimeout("00:15:00")]
    Task<OperationResult> BeginDeletionAsync(bool takesBackup, string actor);

    /// <summary>For the deletion: refuses requests and closes connections. The account as it was, or why there is none.</summary>
    /// <param name="uid">The account's own id: the slug may be another account's by now, which is left alone.</param>
    [Alias("StopForDeletion"), ResponseTimeout("00:02:00")]
    Task<AccountResult> StopForDeletionAsync(Guid uid);

    /// <summary>For the deletion: removes the account with its database and its role.</summary>
    /// <inheritdoc cref="StopForDeletionAsync"/>
    [Alias("Delete"), ResponseTimeout("00:02:00")]
    Task<AccountResult> DeleteAsync(Guid uid);

    /// <summary>Closes the account's database anew and puts its role in order, whatever was changed behind the service's back.</summary>
    [Alias("Repair"), ResponseTimeout("00:02:00")]
    Task<AccountResult> RepairAsync();

    /// <summary>Gives the account's role a new password. What runs goes on; no request fails.</summary>
    [Alias("RotateCredential"), ResponseTimeout("00:01:00")]
    Task<AccountResult> RotateCredentialAsync();

    /// <summary>Gives an account that was put into <c>accounts</c> by hand its role, and its role its rights. Does nothing where all is there.</summary>
    [Alias("Adopt"), ResponseTimeout("00:02:00")]
    Task<AccountResult> AdoptAsync();
}
