namespace Kataven.Rollouts;

/// <summary>One rollout, by its id. It works on in the background, also after its silo died: then elsewhere.</summary>
[Alias("kataven.IRolloutGrain")]
public interface IRolloutGrain : IGrainWithGuidKey
{
    /// <summary>Begins it. Only <see cref="IRolloutBoardGrain"/> may, which sees to it that there is one at a time.</summary>
    [Alias("Begin")]
    Task<RolloutResult> BeginAsync(RolloutRequest request);

    [Alias("Get")]
    Task<RolloutResult> GetAsync(bool withFailures);

    /// <summary>Has it go on where its process is gone. False where it has ended, or was never begun.</summary>
    [Alias("Wake")]
    Task<bool> WakeAsync();

    /// <summary>Returns when nothing new begins any more. What runs ends by itself.</summary>
    [Alias("Pause")]
    Task<RolloutResult> PauseAsync();

    [Alias("Resume")]
    Task<RolloutResult> ResumeAsync();

    /// <summary>Returns when nothing new begins any more. What runs ends by itself.</summary>
    [Alias("Abort")]
    Task<RolloutResult> AbortAsync();

    /// <summary>Removes what is kept of one that has ended.</summary>
    [Alias("Forget")]
    Task ForgetAsync();
}
