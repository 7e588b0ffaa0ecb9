using Kataven.Bench.Grounds;
using Npgsql;

namespace Kataven.Bench.Contenders;

/// <summary>
/// The baseline with Npgsql's multiplexing: callers' statements go out together on few connections, each with a <c>Sync</c> of its
/// own, and whoever is behind a slow one waits for it.
/// </summary>
internal sealed class Multiplexed(int poolSize) : Baseline(poolSize, ContenderName)
{
    public new const string ContenderName = "multiplexed";

    protected override NpgsqlConnectionStringBuilder PoolOf(Ground ground)
    {
        var pool = base.PoolOf(ground);
        pool.Multiplexing = true;
        return pool;
    }
}
