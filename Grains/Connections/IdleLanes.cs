namespace Kataven.Grains.Connections;

/// <summary>
/// The lanes that wait for a request: the one that was used last is lent first, and the one that was not used for longest is
/// closed first. Not thread-safe: the pool's lock guards it.
/// </summary>
internal sealed class IdleLanes(TimeProvider time)
{
    private readonly List<(Lane Lane, long Since)> _lanes = [];

    public int Count => _lanes.Count;

    /// <summary>Since when the first to be closed is idle, as a timestamp, or null where none is.</summary>
    public long? OldestSince => _lanes.Count > 0 ? _lanes[0].Since : null;

    public void Add(Lane lane) => _lanes.Add((lane, time.GetTimestamp()));

    public Lane? TakeNewest() => Take(_lanes.Count - 1);

    public Lane? TakeOldest() => Take(0);

    private Lane? Take(int index)
    {
        if (_lanes.Count == 0)
        {
            return null;
        }

        var lane = _lanes[index].Lane;
        _lanes.RemoveAt(index);
        return lane;
    }
}
