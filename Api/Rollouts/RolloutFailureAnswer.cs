using Kataven.Rollouts;

namespace Kataven.Api.Rollouts;

/// <summary>An account that a rollout could not bring to its target.</summary>
internal sealed record RolloutFailureAnswer(string AccountId, int? Version, string? SqlState, string? Message)
{
    public static RolloutFailureAnswer Of(RolloutFailure failure) => new(failure.AccountId, failure.Version, failure.SqlState, failure.Message);
}
