using Kataven.Errors;

namespace Kataven.Rollouts;

/// <summary>A rollout as it is now, or why there is none.</summary>
[GenerateSerializer, Immutable, Alias("kataven.RolloutResult")]
public sealed record RolloutResult([property: Id(0)] Rollout? Rollout, [property: Id(1)] Refusal? Refusal)
{
    public static RolloutResult Of(Rollout rollout) => new(rollout, null);

    public static RolloutResult Refused(Refusal refusal) => new(null, refusal);

    public static RolloutResult NotFound() => Refused(Errors.Refusal.Of(Errors.ErrorCode.RolloutNotFound, "There is no such rollout."));
}
