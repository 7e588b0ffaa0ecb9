using Kataven.Accounts;
using Kataven.Tenants;
using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Operations;

/// <summary>Has an account's requests wait while an operation has its database for itself.</summary>
internal sealed class AccountHolds(IGrainFactory grains, TimeProvider time, ILogger<AccountHold> logger)
{
    /// <summary>How long requests wait for a holder of which nothing is heard: less than they wait at most.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);

    private static readonly TimeSpan TryFor = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromMilliseconds(20);

    /// <summary>Returns when nothing runs in the account's database any more, and no connection of its owner is open.</summary>
    /// <param name="account">The account.</param>
    /// <param name="holder">The operation.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public Task<AccountHold> TakeAsync(AccountId account, Guid holder, CancellationToken cancellation) =>
        TakeAsync(account, holder, (tenant, lease) => tenant.HoldAsync(holder, lease), cancellation);

    /// <summary>Returns when nothing runs in the account's database any more, which stays the one that it is: connections may stay open.</summary>
    /// <inheritdoc cref="TakeAsync(AccountId, Guid, CancellationToken)"/>
    public Task<AccountHold> PauseAsync(AccountId account, Guid holder, CancellationToken cancellation) =>
        TakeAsync(account, holder, (tenant, lease) => tenant.PauseAsync(holder, lease), cancellation);

    private async Task<AccountHold> TakeAsync(AccountId account, Guid holder, Func<ITenantGrain, TimeSpan, Task<bool>> take, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            try
            {
                if (await take(grains.GetGrain<ITenantGrain>(account.Value), Lease).WaitAsync(cancellation).ConfigureAwait(false))
                {
                    return new AccountHold(account, holder, take, begun, grains, time, logger);
                }
            }
            catch (OperationCanceledException)
            {
                // Requests are not to wait for it while what runs comes to its end.
                grains.GetGrain<ITenantGrain>(account.Value).ReleaseAsync(holder, closesConnections: true).Ignore();
                throw;
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException && time.GetElapsedTime(begun) < TryFor)
            {
                // Its silo died: another one takes over.
            }

            // An activation that goes: the next one is on its way.
            await Task.Delay(TryAgainAfter, time, cancellation).ConfigureAwait(false);
        }
    }
}
