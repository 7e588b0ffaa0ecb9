using Kataven.Grains.Connections;

namespace Kataven.Grains.Tenants;

// What an operation needs that has the account's database for itself.
internal sealed partial class TenantPool
{
    /// <summary>A hold that outlasts others, since when, and for how long at most.</summary>
    private (Guid Holder, long Since, TimeSpan Lease)? _outlasting;

    /// <summary>④ As <see cref="Enter"/>, once the account is not held any more, or held for longer than a request waits.</summary>
    public ValueTask<Admission> EnterAsync(long version, long bytes, bool isCounted, CancellationToken caller)
    {
        var admission = Enter(version, bytes, isCounted: isCounted);
        return admission.Hold is null ? new ValueTask<Admission>(admission) : WaitAndEnterAsync(version, bytes, caller);
    }

    /// <summary>False where the pool goes.</summary>
    /// <param name="holder">The operation.</param>
    /// <param name="lease">How long it lasts unless it is renewed.</param>
    /// <param name="keepsLanes">The database stays the one that it is, so connections stay open, and this activation goes on afterwards.</param>
    /// <param name="outlastsOthers">Where another hold took its place, it goes on once that has ended, for what is left of its time.</param>
    public bool TryHold(Guid holder, TimeSpan lease, bool keepsLanes = false, bool outlastsOthers = false)
    {
        TenantHold? former;
        lock (_lock)
        {
            if (_retired || _closing)
            {
                return false;
            }

            former = _hold;
            // What a former holder has closed, or another one is about to, does not come back, nor what a refusal has stopped.
            keepsLanes &= _refusal is null && former is not { KeepsLanes: false };
            if (former?.Holder == holder)
            {
                former.KeepsLanes = keepsLanes;
                former.Renew(lease);
                return true;
            }

            _hold = New(holder, lease, keepsLanes);
            if (outlastsOthers)
            {
                _outlasting = (holder, _time.GetTimestamp(), lease);
            }
        }

        // Who waited for it asks again, and waits for this one.
        former?.Open();
        former?.Dispose();
        return true;
    }

    public bool TryRenewHold(Guid holder, TimeSpan lease)
    {
        lock (_lock)
        {
            if (_retired || _hold?.Holder != holder)
            {
                return false;
            }

            _hold.Renew(lease);
            return true;
        }
    }

    /// <summary>Returns when nothing runs any more and, unless the hold keeps them, every connection is closed; or when the hold is another's.</summary>
    /// <param name="holder">The operation.</param>
    /// <param name="within">How long what runs may go on before it is cancelled. Then connections are closed in any case.</param>
    public async Task DrainAsync(Guid holder, TimeSpan within)
    {
        Task quiet;
        lock (_lock)
        {
            quiet = _traffic.WhenQuiet;
        }

        try
        {
            await quiet.WaitAsync(within, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            if (!TryGiveUpLanes(holder))
            {
                // What runs by now was let in after it.
                return;
            }

            CancelRunning();
        }

        lock (_lock)
        {
            if (!_retired && (_hold?.Holder != holder || _hold.KeepsLanes))
            {
                return;
            }

            Lanes.Stop(TenantRefusals.Moving);
            Fast.Stop();
        }

        await Lanes.WhenEmptyAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Requests go on. Where connections were closed they do in the next activation: what this one knows of the database's types and code
    /// may be another database's by now.
    /// </summary>
    /// <param name="holder">The operation; of any other nothing is released.</param>
    /// <param name="closesConnections">No connection that is open now is to serve any more.</param>
    public void Release(Guid holder, bool closesConnections = false)
    {
        TenantHold hold;
        lock (_lock)
        {
            if (_outlasting?.Holder == holder)
            {
                _outlasting = null;
            }

            if (_hold?.Holder != holder)
            {
                return;
            }

            hold = _hold;
            hold.KeepsLanes &= !closesConnections;
            _hold = hold.KeepsLanes ? Outlasting_NeedsLock() : null;
            _retired |= !hold.KeepsLanes;
        }

        hold.Open();
        hold.Dispose();
        if (!hold.KeepsLanes)
        {
            Stopped?.Invoke();
        }
    }

    private TenantHold New(Guid holder, TimeSpan lease, bool keepsLanes) => new(holder, lease, keepsLanes, expired => Release(expired), _time);

    private TenantHold? Outlasting_NeedsLock() =>
        _outlasting is var (holder, since, lease) && lease - _time.GetElapsedTime(since) is var left && left > TimeSpan.Zero
            ? New(holder, left, keepsLanes: true)
            : null;

    /// <summary>False where the hold is another's, or none is left and requests go on.</summary>
    private bool TryGiveUpLanes(Guid holder)
    {
        lock (_lock)
        {
            if (_hold?.Holder == holder)
            {
                _hold.KeepsLanes = false;
                return true;
            }

            return _retired;
        }
    }

    private async ValueTask<Admission> WaitAndEnterAsync(long version, long bytes, CancellationToken caller)
    {
        using var limit = new CancellationTokenSource(HeldRequestTimeout, _time);
        while (true)
        {
            var admission = Enter(version, bytes, isCounted: true);
            if (admission.Hold is not { } hold)
            {
                return admission;
            }

            using var gone = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, caller, Stopping);
            Wait(hold, 1, bytes);
            try
            {
                await hold.Opened.WaitAsync(gone.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (caller.IsCancellationRequested)
            {
                return Admission.Refused(LaneRefusals.CallerGone);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                return Admission.Refused(TenantRefusals.Held(HeldRequestTimeout));
            }
            catch (OperationCanceledException)
            {
                // The account was stopped, or what runs is cancelled: it is asked again.
            }
            finally
            {
                Wait(hold, -1, -bytes);
            }
        }
    }

    private void Wait(TenantHold hold, int requests, long bytes)
    {
        lock (_lock)
        {
            hold.Waiting += requests;
            hold.WaitingBytes += bytes;
        }
    }

    private void CancelRunning()
    {
        CancellationTokenSource running;
        lock (_lock)
        {
            (running, _stop) = (_stop, new CancellationTokenSource());
        }

        _ = running.CancelAsync();
    }
}
