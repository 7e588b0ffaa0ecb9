namespace Kataven.Grains.Transactions;

/// <summary>
/// When a transaction that nobody ends is over: so long after its last call ended, and so long after it began, whatever runs.
/// Thread-safe.
/// </summary>
internal sealed class TransactionLease : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TransactionOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<TransactionEnd> _over;
    private readonly long _begunAt;
    private readonly ITimer _idle;
    private readonly ITimer _all;
    private long _idleSince;
    private int _calls;
    private bool _isDisposed;

    /// <param name="options">Its limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="over">Called when one of them has come.</param>
    public TransactionLease(TransactionOptions options, TimeProvider time, Action<TransactionEnd> over)
    {
        (_options, _time, _over) = (options, time, over);
        _begunAt = _idleSince = time.GetTimestamp();
        _idle = time.CreateTimer(static lease => ((TransactionLease)lease!).LookIdle(), this, options.IdleLease, Timeout.InfiniteTimeSpan);
        _all = time.CreateTimer(static lease => ((TransactionLease)lease!)._over(TransactionEnd.DurationOver), this, options.MaxDuration, Timeout.InfiniteTimeSpan);
    }

    /// <summary>When it ends unless a call comes; while one runs, as if that ended now.</summary>
    public DateTimeOffset ExpiresAt
    {
        get
        {
            lock (_lock)
            {
                var idle = _calls > 0 ? _options.IdleLease : _options.IdleLease - _time.GetElapsedTime(_idleSince);
                var all = _options.MaxDuration - _time.GetElapsedTime(_begunAt);
                return _time.GetUtcNow() + (idle < all ? idle : all);
            }
        }
    }

    /// <summary>How long no call has run; zero while one does.</summary>
    public TimeSpan IdleFor
    {
        get
        {
            lock (_lock)
            {
                return _calls > 0 ? TimeSpan.Zero : _time.GetElapsedTime(_idleSince);
            }
        }
    }

    /// <summary>A call has come.</summary>
    public void Enter()
    {
        lock (_lock)
        {
            _calls++;
        }
    }

    /// <summary>A call has ended: where it was the last, the lease begins anew.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            if (--_calls == 0)
            {
                _idleSince = _time.GetTimestamp();
                Arm_NeedsLock(_options.IdleLease);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            _idle.Dispose();
            _all.Dispose();
        }
    }

    /// <summary>The timer may have been on its way when a call came, and a clock of another grain may say that it is early.</summary>
    private void LookIdle()
    {
        lock (_lock)
        {
            var left = _options.IdleLease - _time.GetElapsedTime(_idleSince);
            if (_calls > 0)
            {
                return;
            }

            if (left > TimeSpan.Zero)
            {
                Arm_NeedsLock(left);
                return;
            }
        }

        _over(TransactionEnd.LeaseOver);
    }

    private void Arm_NeedsLock(TimeSpan due)
    {
        if (!_isDisposed)
        {
            _idle.Change(due, Timeout.InfiniteTimeSpan);
        }
    }
}
