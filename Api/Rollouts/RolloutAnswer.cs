using System.Text.Json.Serialization;
using Kataven.Rollouts;

namespace Kataven.Api.Rollouts;

/// <summary>A rollout as the API tells it; in a list without its failures.</summary>
internal sealed record RolloutAnswer(
    Guid RolloutId,
    string Status,
    int? Target,
    IReadOnlyList<string> Canaries,
    int WaveSize,
    int Parallelism,
    int MaxFailures,
    int Total,
    int Succeeded,
    int Failed,
    int Pending,
    int Wave,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<RolloutFailureAnswer>? Failures)
{
    public static RolloutAnswer Of(Rollout rollout) => Brief(rollout) with { Failures = [.. rollout.Failures.Select(RolloutFailureAnswer.Of)] };

    public static RolloutAnswer Brief(Rollout rollout) => new(
        rollout.Id,
        RolloutStatusText.Of(rollout.Status),
        rollout.Request.Target,
        [.. rollout.Request.Canaries.Select(canary => canary.Value)],
        rollout.Request.WaveSize,
        rollout.Request.Parallelism,
        rollout.Request.MaxFailures,
        rollout.Total,
        rollout.Succeeded,
        rollout.Failed,
        rollout.Pending,
        rollout.Wave,
        rollout.StartedAt,
        rollout.FinishedAt,
        null);
}
