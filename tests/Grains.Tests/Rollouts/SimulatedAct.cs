namespace Kataven.Grains.Tests.Rollouts;

/// <summary>What may happen to a rollout.</summary>
internal enum SimulatedAct
{
    Step,
    End,
    Fail,
    Busy,
    Create,
    Leave,
    Pause,
    Resume,
    Crash,
}
