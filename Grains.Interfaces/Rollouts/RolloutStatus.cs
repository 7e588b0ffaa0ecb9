namespace Kataven.Rollouts;

/// <summary>Where a rollout is.</summary>
[GenerateSerializer, Alias("kataven.RolloutStatus")]
public enum RolloutStatus
{
    Running,
    Paused,

    /// <summary>Ended, because too many accounts failed.</summary>
    Stopped,
    Aborted,
    Succeeded,
}
