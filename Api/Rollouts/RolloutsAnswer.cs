namespace Kataven.Api.Rollouts;

/// <summary>The newest rollouts first.</summary>
internal sealed record RolloutsAnswer(IReadOnlyList<RolloutAnswer> Rollouts);
