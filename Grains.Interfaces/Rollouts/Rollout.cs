using System.Collections.Immutable;

namespace Kataven.Rollouts;

/// <summary>A rollout as it is now.</summary>
[GenerateSerializer, Immutable, Alias("kataven.Rollout")]
public sealed record Rollout
{
    [Id(0)]
    public required Guid Id { get; init; }

    [Id(1)]
    public required RolloutStatus Status { get; init; }

    /// <summary>With its target as it was resolved when it began.</summary>
    [Id(2)]
    public required RolloutRequest Request { get; init; }

    /// <summary>Accounts that are at the target.</summary>
    [Id(3)]
    public required int Succeeded { get; init; }

    [Id(4)]
    public required int Failed { get; init; }

    /// <summary>Active accounts that are still to be done, those under way among them.</summary>
    [Id(5)]
    public required int Pending { get; init; }

    /// <summary>The wave that runs, or ran last: 0 before the first.</summary>
    [Id(6)]
    public required int Wave { get; init; }

    [Id(7)]
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended and nothing of it ran any more.</summary>
    [Id(8)]
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The first of them; empty in a list of rollouts.</summary>
    [Id(9)]
    public ImmutableArray<RolloutFailure> Failures { get; init; } = [];

    public int Total => Succeeded + Failed + Pending;
}
