using Kataven.Grains.Observability;

namespace Kataven.Grains.Connections.Budget;

/// <summary>
/// This silo's slots: a free one is given at once, and whoever has to wait for one gets it in turn. <see cref="LeaseLoop"/> sees to it
/// that some come free.
/// </summary>
internal sealed class ConnectionSlots(AbandonedProcesses abandoned, TimeProvider time) : IConnectionSlots
{
    /// <summary>Slots that a silo keeps ready while the cluster has plenty, so that an account's first request need not ask.</summary>
    public const int Spare = 4;

    /// <summary>
    /// What was leased may be used for as long after the last answer: a silo that was away for longer may have been declared dead,
    /// and its slots given to others.
    /// </summary>
    public static readonly TimeSpan LeaseFor = TimeSpan.FromSeconds(5);

    /// <summary>How often a silo tells what it holds, where nothing else makes it tell.</summary>
    public static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1);

    /// <summary>How long an account with one lane keeps it while another waits for its first.</summary>
    public static readonly TimeSpan Quantum = TimeSpan.FromMilliseconds(100);

    /// <summary>While somebody waits: how often it is looked again, for what no signal tells.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>An answer that there are none is true for as long: until then lanes of this silo are closed first.</summary>
    private static readonly TimeSpan PressedFor = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly SlotBook _book = new(Quantum, time);
    private readonly SlotEvictions _evictions = new(time);
    private readonly SemaphoreSlim _signal = new(0, 1);
    private long? _toldAt;
    private long? _pressedAt;
    private long? _sparseAt;
    private bool _leaves;
    private int _told;
    private volatile bool _asked;
    private volatile bool _anybodyWaits;
    private volatile int _budget;

    public int Budget => _budget;

    /// <summary>Somebody waits for a slot, here or elsewhere.</summary>
    public bool AnybodyWaits => _anybodyWaits;

    public SlotCounts Counts
    {
        get
        {
            lock (_lock)
            {
                return new SlotCounts(_book.Leased, _book.Used, _book.Waiting);
            }
        }
    }

    /// <summary>Those who have slots.</summary>
    public IReadOnlyList<ISlotUser> Users
    {
        get
        {
            lock (_lock)
            {
                return [.. _book.Users];
            }
        }
    }

    public ValueTask<bool> TakeAsync(ISlotUser user, CancellationToken wanted)
    {
        SlotTurn turn;
        lock (_lock)
        {
            if (TryTake_NeedsLock(user))
            {
                return ValueTask.FromResult(true);
            }

            turn = _book.Join(user);
            _anybodyWaits = true;
        }

        Signal();
        return WaitAsync(turn, wanted);
    }

    public bool TryTake(ISlotUser user)
    {
        bool takes;
        lock (_lock)
        {
            takes = TryTake_NeedsLock(user);
        }

        // A spare one may be had for the next time.
        Signal();
        return takes;
    }

    public void GiveBack(ISlotUser user)
    {
        bool isToTell;
        lock (_lock)
        {
            _evictions.Over(user);
            _book.GiveBack(user);
            Serve_NeedsLock();
            isToTell = _book.Leased != _told || _anybodyWaits;
        }

        if (isToTell)
        {
            Signal();
        }
    }

    public void Abandon(ISlotUser user, string role, int processId)
    {
        EvictionOver(user);
        _ = abandoned.WhenGoneAsync(role, processId).ContinueWith(
            _ => GiveBack(user), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public bool MustYield(ISlotUser user)
    {
        if (!_anybodyWaits)
        {
            return false;
        }

        lock (_lock)
        {
            // What others leave unused is closed first: a lane that is asked all the time would go round for nothing.
            return _evictions.BegunWithin(Quantum) < _book.Waiting + _book.Owed && _book.MustYield(user);
        }
    }

    public void CameIdle()
    {
        if (_anybodyWaits)
        {
            Signal();
        }
    }

    /// <summary>The budget's owner wants to hear of this silo.</summary>
    public void Ask()
    {
        _asked = true;
        Signal();
    }

    /// <summary>Returns when something has happened, or it is time to look.</summary>
    public async Task WhenNeededAsync(CancellationToken stop)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var timer = time.CreateTimer(
            static wait => _ = ((CancellationTokenSource)wait!).CancelAsync(), wait, _anybodyWaits ? LookEvery : TellEvery, Timeout.InfiniteTimeSpan);
        await _signal.WaitAsync(wait.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>It is time to tell the budget's owner what this silo holds.</summary>
    public bool IsDue => !IsRecent(_toldAt, TellEvery);

    /// <summary>What to ask for now; null where there is nothing to ask or to tell.</summary>
    public SlotNeed? Need()
    {
        var isDue = IsDue;
        var idle = Users.Count(user => user.IdleSince is not null);
        lock (_lock)
        {
            if (_leaves || (isDue && !_anybodyWaits && _book.Free > 2 * Spare))
            {
                _book.Release(_book.Free - (_leaves ? 0 : Spare));
            }

            var isPressed = IsRecent(_pressedAt, PressedFor);
            var coming = Math.Max(0, _book.Free + _evictions.Count - _book.Owed);
            var wanted = Math.Max(0, _book.Waiting - coming);
            var spare = _leaves || isPressed || IsRecent(_sparseAt, PressedFor) || _book.Free - wanted >= Spare / 2 ? 0 : Spare;
            var asks = _asked || isDue || _book.Leased != _told || (wanted > 0 && !isPressed) || spare > 0;
            _asked = false;
            return asks ? new SlotNeed(_book.Leased, wanted, spare, idle + Math.Max(0, _book.Free - _book.Waiting), _book.Accounts) : null;
        }
    }

    /// <summary>The silo goes: from now on it gives back each slot as its connection is closed.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            _leaves = true;
        }

        Ask();
    }

    /// <param name="answer">The answer.</param>
    /// <param name="need">What was asked for.</param>
    /// <param name="askedAt">When: the lease counts from there, since the answer may have waited for a silo that was frozen.</param>
    public void Take(LeaseAnswer answer, SlotNeed need, long askedAt)
    {
        lock (_lock)
        {
            _budget = answer.Budget;
            _told = need.Held + answer.Granted;
            _toldAt = askedAt;
            _pressedAt = answer.Granted < need.Wanted ? time.GetTimestamp() : _pressedAt;
            _sparseAt = answer.Granted < need.Wanted + need.Spare ? time.GetTimestamp() : _sparseAt;
            _book.Lease(answer.Granted);
            _book.Owe(answer.Owed);
            Serve_NeedsLock();
        }
    }

    /// <summary>Whether another idle lane has to be closed: somebody waits, and nothing else will bring a slot.</summary>
    public bool TryBeginEviction(ISlotUser user)
    {
        lock (_lock)
        {
            var waiting = _book.Owed + (IsRecent(_pressedAt, PressedFor) ? _book.Waiting : 0);
            var begins = waiting > _book.Free + _evictions.Count;
            if (begins)
            {
                _evictions.Begin(user);
            }

            return begins;
        }
    }

    public void EvictionOver(ISlotUser user)
    {
        lock (_lock)
        {
            _evictions.Over(user);
        }
    }

    private async ValueTask<bool> WaitAsync(SlotTurn turn, CancellationToken wanted)
    {
        using var registration = wanted.UnsafeRegister(
            static (state, _) =>
            {
                var (slots, turn) = ((ConnectionSlots, SlotTurn))state!;
                slots.Leave(turn);
            },
            (this, turn));
        var asked = time.GetTimestamp();
        var taken = await turn.Taken.ConfigureAwait(false);
        BudgetMetrics.Waited(time.GetElapsedTime(asked));
        return taken;
    }

    private void Leave(SlotTurn turn)
    {
        lock (_lock)
        {
            if (_book.TryLeave(turn))
            {
                turn.End(taken: false);
                Serve_NeedsLock();
            }
        }
    }

    private void Signal()
    {
        if (_signal.CurrentCount == 0)
        {
            try
            {
                _signal.Release();
            }
            catch (SemaphoreFullException)
            {
                // Somebody else did.
            }
        }
    }

    private bool TryTake_NeedsLock(ISlotUser user) => IsRecent(_toldAt, LeaseFor) && _book.TryTake(user);

    private void Serve_NeedsLock()
    {
        if (IsRecent(_toldAt, LeaseFor))
        {
            _book.Serve().ForEach(turn => turn.End(taken: true));
        }

        _anybodyWaits = _book.Waiting + _book.Owed > 0;
    }

    private bool IsRecent(long? at, TimeSpan within) => at is { } then && time.GetElapsedTime(then) < within;
}
