namespace Kataven.Rollouts;

/// <summary>An account that a rollout could not bring to its target.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Version">The migration that failed, or null where it was not one.</param>
/// <param name="SqlState">As PostgreSQL reported it.</param>
/// <param name="Message">What was wrong.</param>
[GenerateSerializer, Immutable, Alias("kataven.RolloutFailure")]
public sealed record RolloutFailure(
    [property: Id(0)] string AccountId,
    [property: Id(1)] int? Version,
    [property: Id(2)] string? SqlState,
    [property: Id(3)] string? Message);
