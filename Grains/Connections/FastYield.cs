namespace Kataven.Grains.Connections;

/// <summary>Gives a fast lane's place back, where nobody has used it for a moment while others of the account waited for one.</summary>
internal sealed class FastYield
{
    /// <summary>While others wait for a place, the lane keeps its own for as long after its last group.</summary>
    private static readonly TimeSpan YieldAfter = TimeSpan.FromMilliseconds(50);

    private readonly LanePool _places;
    private readonly ILaneGuest _lane;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public FastYield(LanePool places, ILaneGuest lane, TimeProvider time)
    {
        (_places, _lane, _time) = (places, lane, time);
        _timer = time.CreateTimer(static self => ((FastYield)self!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        places.Guest = lane;
        places.Pressed += LookLater;
    }

    private void Look()
    {
        var isUnused = _lane.IdleSince is { } since && _time.GetElapsedTime(since) >= YieldAfter;
        _places.LookAgain();
        if (_places.Counts.Waiting > 0 && !(isUnused && _lane.TryClose()))
        {
            LookLater();
        }
    }

    private void LookLater() => _timer.Change(YieldAfter, Timeout.InfiniteTimeSpan);
}
