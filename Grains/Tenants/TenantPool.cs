using System.Diagnostics;
using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Connections;
using Kataven.Grains.Connections.Budget;
using Kataven.Grains.Observability;
using Kataven.Grains.Queries;
using Kataven.Observability;
using Kataven.Tenants;

namespace Kataven.Grains.Tenants;

/// <summary>
/// An account as its one owner holds it: whether it is served, how many requests run, since when none does, and its
/// lanes. Thread-safe, and never on the grain's scheduler.
/// </summary>
internal sealed partial class TenantPool : IAsyncDisposable
{
    /// <summary>For whoever has not looked at the account's row.</summary>
    public const long AnyVersion = long.MaxValue;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly TenantLimits _defaults;
    private readonly ILaneSource _source;
    private readonly RequestRate _rate;
    private readonly TenantTraffic _traffic;
    private readonly long _bornAt;
    private CancellationTokenSource _stop = new();
    private AccountRow? _row;
    private TenantLimits _limits;
    private Refusal? _refusal;
    private bool _retired;
    private bool _closing;
    private TenantHold? _hold;
    private int _streams;

    public TenantPool(AccountId account, AccountRow? row, TenantLimits defaults, ILaneSource source, IConnectionSlots slots, IFastGroups groups, TimeProvider time)
    {
        Account = account;
        _defaults = _limits = defaults;
        _source = source;
        _time = time;
        _rate = new RequestRate(time);
        _traffic = new TenantTraffic(time);
        _bornAt = time.GetTimestamp();
        Lanes = new LanePool(source, slots, Of(defaults), time);
        Fast = new FastLane(Lanes, source, groups, time);
        Take_NeedsLock(row);
    }

    /// <summary>Called when the account's row has stopped it, or a hold has ended that closed connections, so that its grain can go.</summary>
    public event Action? Stopped;

    public AccountId Account { get; }

    public LanePool Lanes { get; }

    public FastLane Fast { get; }

    /// <summary>How long a request waits for an account that is held.</summary>
    public TimeSpan HeldRequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public LongAnswers LongAnswers { get; } = new();

    public TenantLimits Limits
    {
        get
        {
            lock (_lock)
            {
                return _limits;
            }
        }
    }

    /// <summary>Why the account is refused now, or null.</summary>
    public Refusal? Refusal
    {
        get
        {
            lock (_lock)
            {
                return _refusal;
            }
        }
    }

    /// <summary>Cancelled when the account is stopped or the pool closes: statements under way end by it.</summary>
    public CancellationToken Stopping
    {
        get
        {
            lock (_lock)
            {
                return _stop.Token;
            }
        }
    }

    /// <summary>How long nothing has run; zero while something does.</summary>
    public TimeSpan IdleFor
    {
        get
        {
            lock (_lock)
            {
                return _traffic.IdleFor;
            }
        }
    }

    /// <summary>Streams and interactive transactions that are under way: no call of the grain runs for them, so nobody else waits for them.</summary>
    public int OpenStreams => Volatile.Read(ref _streams) + Volatile.Read(ref _transactions);

    /// <summary>⑤ A lane for a request that was let in, or why there is none.</summary>
    public async ValueTask<LaneGrant> RentAsync(CancellationToken cancellation)
    {
        using var span = RequestPath.Lane(Account);
        var asked = Stopwatch.GetTimestamp();
        var grant = await Lanes.RentAsync(cancellation).ConfigureAwait(false);
        LaneMetrics.Rented(Stopwatch.GetElapsedTime(asked));
        return grant;
    }

    public void StreamBegan() => Interlocked.Increment(ref _streams);

    public void StreamEnded() => Interlocked.Decrement(ref _streams);

    /// <summary>
    /// Lets nobody in any more where nothing has run for this long; else says how long is left. Decided here and not by a look
    /// at the clock: a request that came between would run, and hold up its grain's end and whoever waits for that.
    /// </summary>
    public bool TryRetire(TimeSpan idleAfter, out TimeSpan left)
    {
        lock (_lock)
        {
            left = _hold is null ? idleAfter - _traffic.IdleFor : idleAfter;
            _retired |= left <= TimeSpan.Zero;
            return _retired;
        }
    }

    /// <summary>Takes what the account's row says now: limits, and whether it is served. An older row than the last is passed over.</summary>
    public void Apply(AccountRow? row)
    {
        CancellationTokenSource? stopped = null;
        lock (_lock)
        {
            if (_closing || (row is not null && _row is not null && row.Account.Version < _row.Account.Version))
            {
                return;
            }

            var wasServed = _refusal is null;
            Take_NeedsLock(row);
            if (wasServed && _refusal is not null)
            {
                stopped = _stop;
                _stop = new CancellationTokenSource();
            }
        }

        if (stopped is not null)
        {
            // Not on this thread, which is the feed's: eight statements are eight connections to cancel them.
            _ = stopped.CancelAsync();
            Stopped?.Invoke();
        }

        LimitsChanged?.Invoke();
    }

    /// <summary>Lets nobody in any more, and cancels what runs.</summary>
    public void BreakOff()
    {
        CancellationTokenSource stop;
        lock (_lock)
        {
            (_retired, _closing) = (true, true);
            Lanes.Stop(_refusal ??= TenantRefusals.Moving);
            Fast.Stop();
            _hold?.Open();
            stop = _stop;
        }

        _ = stop.CancelAsync();
    }

    /// <summary>Another activation owns the account: this one goes, and whoever asks meets that.</summary>
    public void Lose()
    {
        BreakOff();
        Stopped?.Invoke();
    }

    /// <summary>
    /// Breaks off, and returns when every connection is closed. It does not wait for what is left of streams: their clients
    /// cannot ask an activation that is going for it.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        BreakOff();
        await Lanes.WhenEmptyAsync().ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Row, refusal and lanes change together, so that of two rows at once the later is in force in all of them.</summary>
    private void Take_NeedsLock(AccountRow? row)
    {
        _row = row;
        _refusal = TenantRefusals.Of(row);
        _limits = row is null ? _defaults : _defaults.With(row.Account.Limits);
        Lanes.Apply(Of(_limits));
        if (_refusal is null && _hold is null)
        {
            Lanes.Start();
            Fast.Start();
        }
        else if (_refusal is not null)
        {
            Lanes.Stop(_refusal);
            Fast.Stop();
            if (_hold is not null)
            {
                _hold.KeepsLanes = false;
            }
        }
    }

    private static LaneLimits Of(TenantLimits limits) => new(limits.MaxLanes, limits.MaxQueue, limits.WaitTimeout);
}
