using Kataven.Accounts;
using Kataven.Grains.Observability;
using Kataven.Tenants;
using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Operations;

/// <summary>A hold that lasts until it is disposed of: it renews itself, also where the account's owner moves to another silo.</summary>
internal sealed partial class AccountHold : IAsyncDisposable
{
    private static readonly TimeSpan RenewEvery = AccountHolds.Lease / 4;

    private readonly AccountId _account;
    private readonly Guid _holder;
    private readonly Func<ITenantGrain, TimeSpan, Task<bool>> _take;
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly ILogger<AccountHold> _logger;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _renewing;
    private readonly long _begun;

    public AccountHold(AccountId account, Guid holder, Func<ITenantGrain, TimeSpan, Task<bool>> take, long begun, IGrainFactory grains, TimeProvider time, ILogger<AccountHold> logger)
    {
        (_account, _holder, _take, _grains, _time, _logger) = (account, holder, take, grains, time, logger);
        _begun = begun;
        _renewing = Task.Run(RenewAsync);
    }

    /// <summary>Since it was asked for: what ran had to end first.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_begun);

    /// <summary>Whether no connection that is open now is to serve any more once it ends.</summary>
    public bool ClosesConnections { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        try
        {
            await _grains.GetGrain<ITenantGrain>(_account.Value).ReleaseAsync(_holder, ClosesConnections).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // It ends with its lease.
            LogReleaseFailed(exception, _account.Value);
        }

        _end.Dispose();
        OperationMetrics.Held(Elapsed);
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(RenewEvery, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
            {
                await RenewOnceAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Its end.
        }
    }

    private async Task RenewOnceAsync()
    {
        try
        {
            var tenant = _grains.GetGrain<ITenantGrain>(_account.Value);
            if (!await tenant.RenewHoldAsync(_holder, AccountHolds.Lease).WaitAsync(_end.Token).ConfigureAwait(false))
            {
                // Its owner moved: requests wait there too.
                await _take(tenant, AccountHolds.Lease).WaitAsync(_end.Token).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            LogRenewalFailed(exception, _account.Value);
        }
    }
}
