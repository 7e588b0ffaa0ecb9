using Kataven.Tenants;

namespace Kataven.Api.Pools;

/// <summary>A live tenant grain, as answers have it.</summary>
internal sealed record PoolAnswer(
    string AccountId, string Silo, string State, int LanesOpen, int LanesBusy, int Waiting, long AgeMs, long IdleMs)
{
    public static PoolAnswer Of(PoolReport pool) => new(
        pool.Account.Value,
        pool.Silo,
        pool.State.ToString().ToLowerInvariant(),
        pool.LanesOpen,
        pool.LanesBusy,
        pool.Waiting,
        (long)pool.Age.TotalMilliseconds,
        (long)pool.Idle.TotalMilliseconds);
}
