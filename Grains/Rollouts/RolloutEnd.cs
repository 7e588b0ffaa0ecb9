namespace Kataven.Grains.Rollouts;

/// <summary>How it went with an account.</summary>
internal enum RolloutEnd
{
    Succeeded,
    Failed,

    /// <summary>It could not be tried now: it is tried again at the end.</summary>
    PutOff,
}
