using Kataven.Accounts;
using Kataven.Grains.Tenants;

namespace Kataven.Grains.Placement;

/// <summary>
/// What this silo uses of its cores, and what its accounts cost of that: nobody counts processor time by account, but all of it is
/// spent on requests and on writing their answers, so it is divided by these.
/// </summary>
internal sealed class LoadMeter(TenantPools pools, TimeProvider time)
{
    /// <summary>Bytes of an answer that cost about as much as a request does.</summary>
    private const double BytesPerRequest = 16 * 1024;

    private readonly Lock _lock = new();
    private Dictionary<TenantPool, double> _counts = [];
    private TimeSpan _used = Used;
    private long _at = time.GetTimestamp();
    private double _share;

    /// <summary>At the last look: 0 to 1.</summary>
    public double Share
    {
        get
        {
            lock (_lock)
            {
                return _share;
            }
        }
    }

    private static TimeSpan Used => Environment.CpuUsage.TotalTime;

    /// <summary>What was used since the last look.</summary>
    /// <param name="restFor">An account that has been here for less may not move.</param>
    public (double Share, List<AccountLoad> Accounts) Look(TimeSpan restFor)
    {
        lock (_lock)
        {
            var (used, at) = (Used, time.GetTimestamp());
            var elapsed = time.GetElapsedTime(_at, at) * Environment.ProcessorCount;
            _share = elapsed > TimeSpan.Zero ? Math.Clamp((used - _used) / elapsed, 0, 1) : _share;
            (_used, _at) = (used, at);
            return (_share, Divide(pools.All.ToDictionary(pool => pool, pool => pool.Requests + (pool.AnswerBytes / BytesPerRequest)), restFor));
        }
    }

    private List<AccountLoad> Divide(Dictionary<TenantPool, double> counts, TimeSpan restFor)
    {
        var costs = counts.Select(count => (Pool: count.Key, Cost: count.Value - _counts.GetValueOrDefault(count.Key))).ToList();
        _counts = counts;
        var all = costs.Sum(cost => cost.Cost);
        return all <= 0 ? [] : [.. costs.Select(cost => new AccountLoad(cost.Pool.Account, _share * cost.Cost / all, cost.Pool.MayMove(restFor)))];
    }
}
