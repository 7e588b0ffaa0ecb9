using CsCheck;
using Kataven.Rollouts;

namespace Kataven.Grains.Tests.Rollouts;

/// <summary>Rollouts whose accounts end in any order, fail, are busy, come and go, while they are paused and resumed and their process crashes.</summary>
public sealed class RolloutPlanPropertyTests
{
    [Fact]
    public void Nobody_comes_twice_or_is_passed_over_whatever_happens_in_whatever_order() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 4], Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[0, 16], Gen.Select(Gen.Enum<SimulatedAct>(), Gen.Int[0, 40]).Array[0, 120])
            .Sample((waveSize, parallelism, maxFailures, canaries, accounts, acts) =>
            {
                var rollout = new SimulatedRollout(waveSize, parallelism, maxFailures, canaries, accounts);
                foreach (var (act, which) in acts)
                {
                    rollout.Do(act, which);
                }

                rollout.RunToItsEnd();
                Assert.Equal(rollout.Failed > maxFailures ? RolloutStatus.Stopped : RolloutStatus.Succeeded, rollout.Ended);
                Assert.True(rollout.Ended == RolloutStatus.Stopped || rollout.LeftAtEnd == 0, "somebody was passed over");
            },
            iter: 5_000);
}
