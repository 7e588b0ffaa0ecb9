using Kataven.Errors;

namespace Kataven.Grains.Connections;

/// <summary>
/// Who has which lane of an account, and who waits for one: every decision of a <see cref="LanePool"/>, and none of its work.
/// Not thread-safe: the pool's lock guards it.
/// </summary>
/// <param name="limits">The account's.</param>
/// <param name="isAlive">Looks at an idle lane.</param>
/// <param name="time">The clock.</param>
internal sealed class LaneBook(LaneLimits limits, Func<Lane, bool> isAlive, TimeProvider time)
{
    private readonly IdleLanes _idle = new(time);
    private readonly LanePlaces _places = new(limits.MaxLanes, time);
    private readonly LaneQueue _waiting = new();
    private readonly HashSet<Lane> _open = [];
    private List<Lane> _dead = [];
    private Lane? _guest;
    private bool _opening;
    private long _waitsForSlotSince;

    public LaneLimits Limits { get; private set; } = limits;

    public Refusal? Refusal { get; private set; }

    /// <summary>The lane that is being opened for who waits has no connection yet, since the cluster's budget is used up.</summary>
    public bool WaitsForSlot { get; private set; }

    /// <summary>The lane that is being opened for who waits has its slot.</summary>
    public bool IsConnecting { get; set; }

    public bool AnybodyWaits => _waiting.Count > 0;

    public bool HasFreePlace => _places.IsFree;

    /// <summary>There are lanes that a request can still get.</summary>
    public bool HasUsefulLanes => Useful > 0;

    /// <summary>Those that are not the guest's.</summary>
    private int Useful => _places.Useful - (_guest is null ? 0 : 1);

    public long? IdleSince => _idle.OldestSince;

    public LaneCounts Counts => new(
        _places[LaneState.Opening],
        _places[LaneState.Idle],
        _places[LaneState.Busy],
        _places[LaneState.Resetting],
        _places[LaneState.Broken],
        _places[LaneState.Closing],
        _waiting.Count);

    /// <summary>How long the lane that was lent first of those that are has been so. The guest's does nothing that takes long, however long it is at work.</summary>
    public TimeSpan BusyFor => _open.Where(lane => lane.State == LaneState.Busy && lane != _guest)
        .Aggregate(TimeSpan.Zero, (longest, lane) => time.GetElapsedTime(lane.LentAt) is var busy && busy > longest ? busy : longest);

    public int[] ProcessIds => [.. _open.Select(lane => lane.ProcessId)];

    /// <summary>A lane, a refusal, or a place in the queue.</summary>
    public (LaneGrant Grant, LaneWaiter? Waiter) Ask()
    {
        if (Refusal is not null)
        {
            return (LaneGrant.Refused(Refusal), null);
        }

        if (TakeIdle() is { } lane)
        {
            return (LaneGrant.Of(lane), null);
        }

        return _waiting.Count >= Limits.MaxQueue + _places.Openable
            ? (LaneGrant.Refused(LaneRefusals.QueueFull(Limits)), null)
            : (default, _waiting.Join());
    }

    /// <summary>The idle lane that was used last, now busy, or null where none is idle. Those that are not alive are left to <see cref="TakeDead"/>.</summary>
    public Lane? TakeIdle()
    {
        while (Refusal is null && _idle.TakeNewest() is { } lane)
        {
            if (isAlive(lane))
            {
                Move(lane, LaneState.Busy);
                return lane;
            }

            Move(lane, LaneState.Broken);
            _dead.Add(lane);
        }

        return null;
    }

    /// <summary>Lanes to close, whose server has gone while they were idle.</summary>
    public List<Lane> TakeDead()
    {
        var dead = _dead;
        _dead = dead.Count == 0 ? dead : [];
        return dead;
    }

    /// <summary>A request has waited for as long as it may, or its caller has gone.</summary>
    /// <returns>Why it gets no lane; null where it waits on, for the lane that is being opened for it or about to be handed to it.</returns>
    public Refusal? GiveUp(LaneWaiter waiter, bool timedOut, LaneLimits itsLimits, int budget)
    {
        waiter.IsOverdue = timedOut && IsConnecting && waiter == _waiting.First;
        if (waiter.Node is null || waiter.IsOverdue)
        {
            return null;
        }

        _waiting.TryLeave(waiter);
        return !timedOut ? LaneRefusals.CallerGone
            : WaitsForSlot ? LaneRefusals.BudgetUsedUp(itsLimits, budget)
            : LaneRefusals.WaitedTooLong(itsLimits);
    }

    /// <summary>Takes a place for a lane that somebody waits for. False where nobody does, none is free, or one is being opened already.</summary>
    public bool TryBeginOpening()
    {
        var begins = !_opening && IsOpeningWanted();
        _opening |= begins;
        return begins;
    }

    /// <summary>After one lane was opened: the same for the next.</summary>
    public bool TryGoOnOpening() => _opening = IsOpeningWanted();

    /// <summary>A lane is as good as new. Whoever gets it is woken by the caller.</summary>
    /// <returns>Who gets it, or is told, where it is <see cref="LaneState.Closing"/> now, that it gets none; null where nobody does.</returns>
    public LaneWaiter? Deliver(Lane lane, bool mustYield, bool isNew)
    {
        if (isNew)
        {
            _open.Add(lane);
        }

        if (Refusal is not null || mustYield || (isNew ? _places.IsOverMax : _places.IsOver))
        {
            Move(lane, LaneState.Closing);
            // Of a lane that comes back nobody is told: the one that is opened for who is overdue may still come.
            return isNew ? TakeOverdue() : null;
        }

        var waiter = _waiting.TakeFirst();
        Move(lane, waiter is null ? LaneState.Idle : LaneState.Busy);
        if (waiter is null)
        {
            _idle.Add(lane);
        }

        return waiter;
    }

    /// <summary>A lane could not be opened.</summary>
    /// <returns>Those who would meet the same. Where other lanes are at work, they wait for those.</returns>
    public List<LaneWaiter> NotOpened() => !HasUsefulLanes ? _waiting.TakeAll()
        : TakeOverdue() is { } overdue ? [overdue]
        : [];

    private LaneWaiter? TakeOverdue() => _waiting.First is { IsOverdue: true } ? _waiting.TakeFirst() : null;

    /// <summary>Takes a place for a lane that somebody else opens. Where none is free, the next one is kept for it.</summary>
    public bool TryTakePlace() => Refusal is null && _places.TryTakeOrKeep();

    public void GuestOpened(Lane lane)
    {
        _open.Add(lane);
        _guest = lane;
        Move(lane, LaneState.Busy);
    }

    public void Move(Lane lane, LaneState to)
    {
        if (lane == _guest && to is LaneState.Broken or LaneState.Closing)
        {
            _guest = null;
        }

        _places.Move(lane.State, to);
        lane.State = to;
        lane.LentAt = to == LaneState.Busy ? time.GetTimestamp() : lane.LentAt;
    }

    public void Closed(Lane lane) => _open.Remove(lane);

    /// <returns>Whom to tell that none is open any more.</returns>
    public TaskCompletionSource? GiveBack(LaneState state)
    {
        _places.GiveBack(state);
        return _places.TakeEmpty();
    }

    public Task WhenEmpty() => _places.WhenEmpty();

    /// <returns>Idle lanes to close.</returns>
    public List<Lane> Apply(LaneLimits limits)
    {
        (Limits, _places.Max) = (limits, limits.MaxLanes);
        return TakeWhile(() => _places.IsOver);
    }

    /// <returns>Idle lanes to close, and whom to refuse.</returns>
    public (List<Lane> Idle, List<LaneWaiter> Refused) Stop(Refusal refusal)
    {
        Refusal = refusal;
        return (TakeWhile(() => true), _waiting.TakeAll());
    }

    public void Start() => Refusal = null;

    /// <summary>The idle lane that was not used for longest, now closing.</summary>
    public Lane? TakeOldest() => TakeWhile(() => true, most: 1) is [var lane] ? lane : null;

    /// <summary>Those that were not used for so long, now closing; one lane stays.</summary>
    public List<Lane> TakeUnused(TimeSpan unusedFor) =>
        TakeWhile(() => Useful > 1 && time.GetElapsedTime(_idle.OldestSince ?? long.MaxValue) >= unusedFor);

    public void BeginWaitingForSlot() => (WaitsForSlot, _waitsForSlotSince) = (true, time.GetTimestamp());

    public void EndWaitingForSlot() => WaitsForSlot = false;

    /// <summary>Requests have waited for so long for a slot, and the guest has the only lane that could give them one.</summary>
    public bool StarvesBeside(TimeSpan longest) => WaitsForSlot && !HasUsefulLanes && time.GetElapsedTime(_waitsForSlotSince) >= longest;

    private bool IsOpeningWanted()
    {
        var isWanted = Refusal is null && _waiting.Count > 0 && _places.IsFree;
        if (isWanted)
        {
            _places.Take();
        }

        return isWanted;
    }

    private List<Lane> TakeWhile(Func<bool> condition, int most = int.MaxValue)
    {
        List<Lane> taken = [];
        while (taken.Count < most && condition() && _idle.TakeOldest() is { } lane)
        {
            Move(lane, LaneState.Closing);
            taken.Add(lane);
        }

        return taken;
    }
}
