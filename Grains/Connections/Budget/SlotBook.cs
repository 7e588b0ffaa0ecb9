namespace Kataven.Grains.Connections.Budget;

/// <summary>
/// A silo's slots: how many it has leased, who uses them, and who waits for one. Of those who wait the one that has fewest is next,
/// and of equals the one that came first; the rest of the cluster, where it is owed some, counts as one that has none. Not thread-safe.
/// </summary>
internal sealed class SlotBook(TimeSpan quantum, TimeProvider time)
{
    private readonly Dictionary<ISlotUser, int> _used = [];
    private readonly LinkedList<SlotTurn> _turns = new();

    /// <summary>Slots that are this silo's.</summary>
    public int Leased { get; private set; }

    /// <summary>Those of them that have a connection.</summary>
    public int Used { get; private set; }

    public int Free => Leased - Used;

    /// <summary>Those who wait here.</summary>
    public int Waiting { get; private set; }

    /// <summary>Slots that the rest of the cluster waits for.</summary>
    public int Owed => _turns.Count - Waiting;

    /// <summary>Accounts that have a slot or wait for their first.</summary>
    public int Accounts => _used.Count + _turns.Count(turn => turn.User is not null && !_used.ContainsKey(turn.User));

    public IReadOnlyCollection<ISlotUser> Users => _used.Keys;

    /// <summary>Takes a free slot that nobody waits for.</summary>
    public bool TryTake(ISlotUser user)
    {
        var takes = Free > 0 && _turns.Count == 0;
        if (takes)
        {
            Use(user);
        }

        return takes;
    }

    public SlotTurn Join(ISlotUser user)
    {
        Waiting++;
        return _turns.AddLast(new SlotTurn(user, time.GetTimestamp())).Value;
    }

    /// <summary>False where it has got a slot already.</summary>
    public bool TryLeave(SlotTurn turn)
    {
        var leaves = _turns.Remove(turn);
        Waiting -= leaves ? 1 : 0;
        return leaves;
    }

    /// <summary>A connection is closed.</summary>
    public void GiveBack(ISlotUser user)
    {
        Used--;
        if (--_used[user] == 0)
        {
            _used.Remove(user);
        }
    }

    /// <summary>Gives free slots to those who wait. One that the cluster is owed is not this silo's any more.</summary>
    /// <returns>Those who have one now.</returns>
    public List<SlotTurn> Serve()
    {
        List<SlotTurn> served = [];
        while (Free > 0 && Next(except: null) is { } next)
        {
            _turns.Remove(next);
            if (next.User is null)
            {
                Leased--;
                continue;
            }

            Waiting--;
            Use(next.User);
            served.Add(next);
        }

        return served;
    }

    public void Lease(int slots) => Leased += slots;

    /// <summary>Gives up slots that are free.</summary>
    public void Release(int slots) => Leased -= Math.Min(slots, Free);

    /// <summary>How many the rest of the cluster waits for now: those that come last lose or get their turn.</summary>
    public void Owe(int slots)
    {
        while (Owed < slots)
        {
            _turns.AddLast(new SlotTurn(null, time.GetTimestamp()));
        }

        for (var node = _turns.Last; node is not null && Owed > slots;)
        {
            var last = node;
            node = node.Previous;
            if (last.Value.User is null)
            {
                _turns.Remove(last);
            }
        }
    }

    /// <summary>
    /// Whether an account's next free lane is another's turn: at once where the other has fewer by two or more, and after a while
    /// where that would only turn things round.
    /// </summary>
    public bool MustYield(ISlotUser user)
    {
        if (Next(except: user) is not { } next)
        {
            return false;
        }

        var (mine, theirs) = (_used.GetValueOrDefault(user), UsedBy(next));
        return mine > theirs + 1 || (mine > theirs && time.GetElapsedTime(next.Since) >= quantum);
    }

    private SlotTurn? Next(ISlotUser? except) => _turns.Where(turn => except is null || turn.User != except).MinBy(UsedBy);

    private int UsedBy(SlotTurn turn) => turn.User is null ? 0 : _used.GetValueOrDefault(turn.User);

    private void Use(ISlotUser user)
    {
        Used++;
        _used[user] = _used.GetValueOrDefault(user) + 1;
    }
}
