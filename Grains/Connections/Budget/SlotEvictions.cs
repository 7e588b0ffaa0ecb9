namespace Kataven.Grains.Connections.Budget;

/// <summary>Lanes that are being closed so that their slots come free. Not thread-safe.</summary>
internal sealed class SlotEvictions(TimeProvider time)
{
    /// <summary>What has not come free after this is not counted on any more: its process does not end.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(2);

    private readonly List<(ISlotUser User, long Since)> _running = [];

    public int Count
    {
        get
        {
            _running.RemoveAll(one => time.GetElapsedTime(one.Since) >= Within);
            return _running.Count;
        }
    }

    /// <summary>Those begun no longer ago than that.</summary>
    public int BegunWithin(TimeSpan limit) => _running.Count(one => time.GetElapsedTime(one.Since) < limit);

    public void Begin(ISlotUser user) => _running.Add((user, time.GetTimestamp()));

    /// <summary>A lane of the account is closed: the one that was meant, if there was one.</summary>
    public void Over(ISlotUser user)
    {
        var index = _running.FindIndex(one => one.User == user);
        if (index >= 0)
        {
            _running.RemoveAt(index);
        }
    }
}
