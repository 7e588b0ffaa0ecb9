namespace Kataven.Rollouts;

/// <summary>A status as the answers spell it.</summary>
public static class RolloutStatusText
{
    public static string Of(RolloutStatus status) => status switch
    {
        RolloutStatus.Running => "running",
        RolloutStatus.Paused => "paused",
        RolloutStatus.Stopped => "stopped",
        RolloutStatus.Aborted => "aborted",
        _ => "succeeded",
    };
}
