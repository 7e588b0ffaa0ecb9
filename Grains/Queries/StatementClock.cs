using Kataven.Grains.Connections;

namespace Kataven.Grains.Queries;

/// <summary>
/// Ends a statement: when its time is over, when its caller has gone, or when the account is stopped. The first of
/// these is the reason that the caller is told.
/// </summary>
internal sealed class StatementClock : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _caller;
    private readonly CancellationTokenRegistration _stop;
    private TimeSpan _left;
    private long _runningSince;
    private int _reason;
    private CancellationTokenSource? _late;
    private CancellationTokenRegistration _lateBegins;

    public StatementClock(TimeSpan limit, TimeProvider time, CancellationToken caller, CancellationToken stop)
    {
        Limit = _left = limit;
        _time = time;
        _runningSince = time.GetTimestamp();
        _timer = time.CreateTimer(static clock => ((StatementClock)clock!).End(EndReason.TimeLimit), this, limit, Timeout.InfiniteTimeSpan);
        _caller = caller.UnsafeRegister(static clock => ((StatementClock)clock!).End(EndReason.CallerGone), this);
        _stop = stop.UnsafeRegister(static clock => ((StatementClock)clock!).End(EndReason.AccountStopped), this);
    }

    public TimeSpan Limit { get; }

    public CancellationToken Token => _source.Token;

    /// <summary>
    /// Cancelled once PostgreSQL has had the time to answer <see cref="Token"/>. It breaks off a value of which a part has come, which asks nobody:
    /// before that the rest of it is read, and then PostgreSQL is asked.
    /// </summary>
    public CancellationToken Late
    {
        get
        {
            if (_late is null)
            {
                _late = new CancellationTokenSource();
                _lateBegins = _source.Token.UnsafeRegister(static late => ((CancellationTokenSource)late!).CancelAfter(LaneLogin.CancellationTimeout), _late);
            }

            return _late.Token;
        }
    }

    public EndReason Reason => (EndReason)Volatile.Read(ref _reason);

    /// <summary>Ends the statement for a reason of the service's own.</summary>
    public void End(EndReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, (int)EndReason.None) == (int)EndReason.None)
        {
            // Not on this thread: Npgsql opens a connection to cancel, and an account that is stopped has many to open. Nor
            // may what goes wrong there reach the timer, which nobody watches.
            _ = _source.CancelAsync();
        }
    }

    /// <summary>Stops counting, while it is the client and not PostgreSQL that takes its time.</summary>
    public void Pause()
    {
        _left -= _time.GetElapsedTime(_runningSince);
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Continue()
    {
        _runningSince = _time.GetTimestamp();
        _timer.Change(_left > TimeSpan.Zero ? _left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _caller.Dispose();
        _stop.Dispose();
        _lateBegins.Dispose();
        _late?.Dispose();
        // The source is left alone: whoever has just decided to end the statement may still cancel it.
        _timer.Dispose();
    }
}
