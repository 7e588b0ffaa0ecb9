namespace Kataven.Grains.Tenants;

/// <summary>
/// A token bucket that holds one second's worth of requests. Since one grain in the cluster has it, the rate is exact.
/// Not thread-safe: the pool's lock guards it.
/// </summary>
internal sealed class RequestRate(TimeProvider time)
{
    private double _tokens = double.MaxValue;
    private long _filledAt = time.GetTimestamp();

    /// <param name="perSecond">Requests a second; 0 is no limit.</param>
    /// <param name="wait">How long until the next one is admitted, where this one is not.</param>
    public bool TryTake(int perSecond, out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (perSecond == 0)
        {
            return true;
        }

        var now = time.GetTimestamp();
        _tokens = Math.Min(perSecond, _tokens + (time.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond));
        _filledAt = now;
        if (_tokens >= 1)
        {
            _tokens -= 1;
            return true;
        }

        wait = TimeSpan.FromSeconds((1 - _tokens) / perSecond);
        return false;
    }
}
