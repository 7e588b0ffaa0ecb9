using Kataven.Accounts;
using Kataven.Rollouts;

namespace Kataven.Grains.Rollouts;

/// <summary>The state of <see cref="RolloutGrain"/>, written at each change of phase. How each account ended stands in the table.</summary>
[GenerateSerializer, Immutable, Alias("kataven.RolloutState")]
internal sealed record RolloutState
{
    [Id(0)]
    public int Target { get; init; }

    [Id(1)]
    public string[] Canaries { get; init; } = [];

    [Id(2)]
    public int WaveSize { get; init; }

    [Id(3)]
    public int Parallelism { get; init; }

    [Id(4)]
    public int MaxFailures { get; init; }

    [Id(5)]
    public string Actor { get; init; } = "";

    [Id(6)]
    public RolloutStatus Status { get; init; }

    [Id(7)]
    public RolloutPhase Phase { get; init; }

    [Id(8)]
    public int Wave { get; init; }

    [Id(9)]
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When nothing of it ran any more.</summary>
    [Id(10)]
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>Accounts that were left then.</summary>
    [Id(11)]
    public int Left { get; init; }

    public static RolloutState Begin(RolloutRequest request, DateTimeOffset now) => new()
    {
        Target = request.Target!.Value,
        Canaries = [.. request.Canaries.Select(canary => canary.Value)],
        WaveSize = request.WaveSize,
        Parallelism = request.Parallelism,
        MaxFailures = request.MaxFailures,
        Actor = request.Actor,
        StartedAt = now,
    };

    public RolloutRequest ToRequest() => new(Target, [.. Canaries.Select(AccountId.Parse)], WaveSize, Parallelism, MaxFailures, Actor);
}
