using Kataven.Accounts;

namespace Kataven.Tenants;

/// <summary>A live tenant grain's connections.</summary>
[GenerateSerializer, Immutable, Alias("kataven.PoolReport")]
public sealed record PoolReport
{
    [Id(0)]
    public required AccountId Account { get; init; }

    [Id(1)]
    public required string Silo { get; init; }

    [Id(2)]
    public required PoolState State { get; init; }

    [Id(3)]
    public required int LanesOpen { get; init; }

    [Id(4)]
    public required int LanesBusy { get; init; }

    [Id(5)]
    public required int Waiting { get; init; }

    [Id(6)]
    public required TimeSpan Age { get; init; }

    /// <summary>Since its last request ended; zero while one runs.</summary>
    [Id(7)]
    public required TimeSpan Idle { get; init; }
}
