using Kataven.Errors;
using Kataven.Grains.Connections.Budget;

namespace Kataven.Grains.Connections;

/// <summary>
/// ⑤ The lanes of one account. A request gets an idle one, or waits in order and not for ever; while somebody waits, lanes are
/// opened one after the other, within the account's limit and the cluster's budget. Thread-safe.
/// </summary>
internal sealed class LanePool : ISlotUser
{
    /// <summary>How long a pool that was stopped waits for processes of PostgreSQL that do not end.</summary>
    private static readonly TimeSpan LeaveBehindAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly ILaneSource _source;
    private readonly IConnectionSlots _slots;
    private readonly TimeProvider _time;
    private readonly LaneBook _book;
    private readonly LaneOpener _opener;
    private readonly LaneWait _wait;
    private CancellationTokenSource _leaveBehind = new();

    public LanePool(ILaneSource source, IConnectionSlots slots, LaneLimits limits, TimeProvider time)
    {
        (_source, _slots, _time) = (source, slots, time);
        _book = new LaneBook(limits, source.IsAlive, time);
        _opener = new LaneOpener(this, _lock, _book, source, slots, time);
        _wait = new LaneWait(_lock, _book, _opener, slots, time);
    }

    /// <summary>Called when a request has to wait for others: whoever holds a place without need may give it back.</summary>
    public event Action? Pressed;

    /// <summary>Whose lane is closed like an idle one, where it is.</summary>
    public ILaneGuest? Guest { get; set; }

    public LaneCounts Counts => Locked(book => book.Counts);

    public IEnumerable<int> ProcessIds => Locked(book => book.ProcessIds);

    public long? IdleSince => Guest?.IdleSince is { } guest
        ? Math.Min(guest, Locked(book => book.IdleSince) ?? long.MaxValue)
        : Locked(book => book.IdleSince);

    /// <summary>Whether the guest's lane is to be closed: it is another account's turn, or requests of this one get no lane beside it.</summary>
    public bool MustGuestYield => _slots.MustYield(this) || Locked(book => book.StarvesBeside(ConnectionSlots.Quantum));

    /// <exception cref="OperationCanceledException">Never: whoever has gone gets a refusal that nobody reads.</exception>
    public async ValueTask<LaneGrant> RentAsync(CancellationToken cancellation)
    {
        List<Lane> dead;
        LaneGrant grant;
        LaneWaiter? waiter;
        LaneLimits limits;
        bool opens;
        bool isPressed;
        lock (_lock)
        {
            limits = _book.Limits;
            (grant, waiter) = _book.Ask();
            dead = _book.TakeDead();
            isPressed = waiter is not null && !_book.HasFreePlace;
            opens = _book.TryBeginOpening();
        }

        Close(dead);
        _opener.Run(opens);
        if (isPressed)
        {
            Pressed?.Invoke();
        }

        return waiter is null ? grant : await _wait.ForAsync(waiter, limits, cancellation).ConfigureAwait(false);
    }

    /// <summary>A lane that nobody needs now, or null.</summary>
    public Lane? TryRentIdle()
    {
        var (lane, dead) = Locked(book => (book.TakeIdle(), book.TakeDead()));
        Close(dead);
        return lane;
    }

    /// <summary>
    /// Takes a place, and a slot, for a lane that its guest opens. Where no place is free, the next one that is left is kept for it,
    /// before whoever waits: it is for many.
    /// </summary>
    public bool TryTakePlace()
    {
        if (!Locked(book => book.TryTakePlace()))
        {
            return false;
        }

        var hasSlot = _slots.TryTake(this);
        if (!hasSlot)
        {
            GivePlaceBack(LaneState.Opening, hasSlot: false);
        }

        return hasSlot;
    }

    /// <summary>The lane for which the guest took a place is open, and busy.</summary>
    public void GuestOpened(Lane lane)
    {
        lock (_lock)
        {
            _book.GuestOpened(lane);
        }
    }

    /// <summary>What the guest's lane does now.</summary>
    public void GuestMoved(Lane lane, LaneState state)
    {
        Move(lane, state);
        if (state == LaneState.Idle)
        {
            _slots.CameIdle();
        }
    }

    /// <summary>Opens a lane for who waits, where a place has come free that was kept for the guest in vain.</summary>
    public void LookAgain() => _opener.Run(Locked(book => book.TryBeginOpening()));

    /// <summary>Takes a lane back. Its session is reset before anybody gets it again, and nobody waits for that.</summary>
    public void Return(Lane lane) => _ = ReturnAsync(lane);

    public void Apply(LaneLimits limits)
    {
        List<Lane> surplus;
        bool opens;
        lock (_lock)
        {
            surplus = _book.Apply(limits);
            opens = _book.TryBeginOpening();
        }

        Close(surplus);
        _opener.Run(opens);
    }

    /// <summary>Refuses whoever comes or waits, and closes what is idle; lanes that are lent close when they come back.</summary>
    public void Stop(Refusal refusal)
    {
        // Of those who have no lane: where it passes, they may be sent again.
        refusal = refusal with { DidNotRun = true };
        List<Lane> idle;
        List<LaneWaiter> refused;
        lock (_lock)
        {
            (idle, refused) = _book.Stop(refusal);
            // A lane that is being opened is not worth waiting for.
            _opener.Stop_NeedsLock();
            _leaveBehind.CancelAfter(LeaveBehindAfter);
        }

        refused.ForEach(waiter => waiter.Wake(LaneGrant.Refused(refusal)));
        Close(idle);
    }

    public void Start()
    {
        lock (_lock)
        {
            if (_book.Refusal is not null)
            {
                _book.Start();
                _opener.Start_NeedsLock();
                _leaveBehind = new CancellationTokenSource();
            }
        }
    }

    /// <summary>Returns when no connection is open.</summary>
    public Task WhenEmptyAsync() => Locked(book => book.WhenEmpty());

    public bool TryEvict()
    {
        if (Guest is { } guest && guest.IdleSince is { } since && since < (Locked(book => book.IdleSince) ?? long.MaxValue) && guest.TryClose())
        {
            return true;
        }

        var lane = Locked(book => book.TakeOldest());
        Close(lane is null ? [] : [lane]);
        return lane is not null;
    }

    public void CloseUnused(TimeSpan unusedFor) => Close(Locked(book => book.TakeUnused(unusedFor)));

    /// <summary>
    /// Closes a lane that is <see cref="LaneState.Broken"/> or <see cref="LaneState.Closing"/>. Its place comes back when PostgreSQL's
    /// side is gone.
    /// </summary>
    public async Task CloseAsync(Lane lane)
    {
        var giveUp = Locked(_ => _leaveBehind.Token);
        var isGone = await _source.CloseAsync(lane, lane.State == LaneState.Broken, giveUp).ConfigureAwait(false);
        if (!isGone)
        {
            _slots.Abandon(this, lane.Role, lane.ProcessId);
        }

        lock (_lock)
        {
            _book.Closed(lane);
        }

        GivePlaceBack(lane.State, isGone);
    }

    /// <summary>A place is free again, and its slot with it: both go to whoever waits longest.</summary>
    public void GivePlaceBack(LaneState state, bool hasSlot)
    {
        if (hasSlot)
        {
            _slots.GiveBack(this);
        }

        TaskCompletionSource? empty;
        bool opens;
        lock (_lock)
        {
            empty = _book.GiveBack(state);
            opens = _book.TryBeginOpening();
        }

        _opener.Run(opens);
        empty?.SetResult();
    }

    private async Task ReturnAsync(Lane lane)
    {
        Move(lane, LaneState.Resetting);
        var isReset = await LaneReset.TryAsync(_source, lane, _time).ConfigureAwait(false);
        if (isReset)
        {
            Deliver(lane, _slots.MustYield(this), isNew: false);
            return;
        }

        Move(lane, LaneState.Broken);
        await CloseAsync(lane).ConfigureAwait(false);
    }

    /// <summary>A lane is as good as new: it goes to whoever waits longest, stays idle, or is closed.</summary>
    public void Deliver(Lane lane, bool mustYield, bool isNew)
    {
        LaneWaiter? waiter;
        LaneState state;
        LaneLimits limits;
        lock (_lock)
        {
            limits = _book.Limits;
            waiter = _book.Deliver(lane, mustYield, isNew);
            state = lane.State;
            _opener.CheckWanted_NeedsLock();
        }

        waiter?.Wake(state == LaneState.Closing ? LaneGrant.Refused(LaneRefusals.WaitedTooLong(limits)) : LaneGrant.Of(lane));
        if (state == LaneState.Closing)
        {
            Close([lane]);
        }
        else if (state == LaneState.Idle)
        {
            _slots.CameIdle();
        }
    }

    /// <summary>A lane could not be opened, for a reason, or because nobody wants it any more.</summary>
    /// <returns>Whether there are others, which those who wait may get.</returns>
    public bool NotOpened(Refusal? refusal, bool hadSlot)
    {
        var (refused, others) = refusal is null ? ([], false) : Locked(book => (book.NotOpened(), book.HasUsefulLanes));
        refused.ForEach(waiter => waiter.Wake(LaneGrant.Refused(refusal!)));
        GivePlaceBack(LaneState.Opening, hadSlot);
        return others;
    }

    private void Move(Lane lane, LaneState state)
    {
        lock (_lock)
        {
            _book.Move(lane, state);
        }
    }

    private void Close(List<Lane> lanes) => lanes.ForEach(lane => _ = CloseAsync(lane));

    private T Locked<T>(Func<LaneBook, T> read)
    {
        lock (_lock)
        {
            return read(_book);
        }
    }
}
