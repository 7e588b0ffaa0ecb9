using Kataven.Accounts;
using Kataven.Errors;

namespace Kataven.Grains.Accounts;

/// <summary>Has an account put in order that nobody has used yet: whatever works on its database comes before its first lane.</summary>
internal sealed class Adoption(CredentialStore credentials, IGrainFactory grains)
{
    /// <summary>Null where it is in order, or is not served; else why it cannot be put in order.</summary>
    public async Task<Refusal?> EnsureAsync(Account account, CancellationToken cancellation) =>
        account.Status == AccountStatus.Active
        && await credentials.FindIdentityAsync(account.Id, cancellation).ConfigureAwait(false) is not { Identity.WasStamped: true }
            ? (await grains.GetGrain<IAccountGrain>(account.Id.Value).AdoptAsync().WaitAsync(cancellation).ConfigureAwait(false)).Refusal
            : null;
}
