using Kataven.Grains.Connections;

namespace Kataven.Grains.Queries.Fast;

// What is known of the account's code, and when it is not known any more.
internal sealed partial class FastReads
{
    /// <summary>Somebody is about to define something on a connection that is none of the account's lanes, while no request runs.</summary>
    public async Task ForgetAsync()
    {
        if (!isEnabled)
        {
            return;
        }

        lock (_lock)
        {
            Forget_NeedsLock();
        }

        await pool.Fast.ReplaceAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// What is known of the account's code. Where that is nothing, or old, it is read, and nobody waits for it; unless the account is asked
    /// so seldom that the fast lane is not for it.
    /// </summary>
    private AccountCode? Code()
    {
        AccountCode? code;
        lock (_lock)
        {
            code = _code;
            if (_reading || _defining > 0 || (code is not null && time.GetElapsedTime(_readAt) < KnownFor))
            {
                return code;
            }

            if (!_demand.IsEnough())
            {
                return null;
            }

            _reading = true;
        }

        _ = ReadAsync();
        return code;
    }

    private async Task ReadAsync()
    {
        var before = Volatile.Read(ref _changes);
        AccountCode? code = null;
        try
        {
            // One that was reset: what the last statement did to its session could change what the catalog seems to say.
            if (await LaneAsync().ConfigureAwait(false) is { } lane)
            {
                try
                {
                    using var limit = CancellationTokenSource.CreateLinkedTokenSource(pool.Stopping);
                    limit.CancelAfter(ReadWithin);
                    code = await AccountCodeReader.ReadAsync(lane, sharesSession: true, limit.Token).ConfigureAwait(false);
                }
                finally
                {
                    pool.Lanes.Return(lane);
                }
            }
        }
        catch (Exception)
        {
            // It stays unknown, and so the fast lane unused.
        }

        await TakeAsync(code, before).ConfigureAwait(false);
    }

    /// <summary>One that is idle, since this is not worth another connection; where there is never one, it waits in the queue like a request.</summary>
    private async ValueTask<Lane?> LaneAsync()
    {
        if (pool.Lanes.TryRentIdle() is { } idle)
        {
            _misses = 0;
            return idle;
        }

        return ++_misses < MostMisses ? null : (await pool.Lanes.RentAsync(pool.Stopping).ConfigureAwait(false)).Lane;
    }

    private async Task TakeAsync(AccountCode? code, long before)
    {
        var differs = false;
        lock (_lock)
        {
            _reading = false;
            _readAt = time.GetTimestamp();
            // Statements that run since before it was read were not asked whether they define something.
            var isCurrent = before == _changes && (code is not { MayDefine: true } || _code is { MayDefine: true } || _running == 0);
            if (isCurrent && code is not null && !code.Equals(_code))
            {
                differs = true;
                _texts.Clear();
                _code = code;
            }
        }

        if (differs)
        {
            await pool.Fast.ReplaceAsync().ConfigureAwait(false);
        }
    }

    private void Forget_NeedsLock()
    {
        _changes++;
        _code = null;
        _texts.Clear();
    }
}
