using System.Collections.Immutable;

namespace Kataven.Rollouts;

/// <summary>The one that knows all rollouts, and lets one run at a time.</summary>
[Alias("kataven.IRolloutBoardGrain")]
public interface IRolloutBoardGrain : IGrainWithIntegerKey
{
    /// <summary>Begins one, or says what is wrong with it, or which other one is under way.</summary>
    [Alias("Start")]
    Task<RolloutResult> StartAsync(RolloutRequest request);

    /// <summary>The newest first, without their failures.</summary>
    [Alias("List")]
    Task<ImmutableArray<Rollout>> ListAsync();

    /// <summary>Has the newest one go on, where it runs and its process is gone.</summary>
    [Alias("Wake")]
    Task WakeAsync();

    /// <summary>Removes what is kept of those that ended before this.</summary>
    [Alias("Forget")]
    Task ForgetAsync(DateTimeOffset endedBefore);
}
