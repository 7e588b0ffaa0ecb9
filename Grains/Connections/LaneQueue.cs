namespace Kataven.Grains.Connections;

/// <summary>The requests that wait for a lane, in order. Not thread-safe: the pool's lock guards it.</summary>
internal sealed class LaneQueue
{
    private readonly LinkedList<LaneWaiter> _waiting = new();

    public int Count => _waiting.Count;

    /// <summary>Who waits longest, or null.</summary>
    public LaneWaiter? First => _waiting.First?.Value;

    public LaneWaiter Join()
    {
        var waiter = new LaneWaiter();
        waiter.Node = _waiting.AddLast(waiter);
        return waiter;
    }

    /// <summary>False where somebody has taken it off already, and is about to wake it.</summary>
    public bool TryLeave(LaneWaiter waiter)
    {
        if (waiter.Node is not { } node)
        {
            return false;
        }

        _waiting.Remove(node);
        waiter.Node = null;
        return true;
    }

    public LaneWaiter? TakeFirst() => First is { } first && TryLeave(first) ? first : null;

    public List<LaneWaiter> TakeAll()
    {
        List<LaneWaiter> all = [.. _waiting];
        all.ForEach(waiter => TryLeave(waiter));
        return all;
    }
}
