using Kataven.Chaos.Histories;
using Kataven.Chaos.Planning;
using Kataven.Chaos.Runs;

namespace Kataven.Chaos.Tests.Planning;

public sealed class FaultPlanTests
{
    [Fact]
    public void A_seed_has_one_plan() =>
        Assert.Equal(FaultPlan.Of(7, FaultPlan.Faults).Take(500), FaultPlan.Of(7, FaultPlan.Faults).Take(500));

    [Fact]
    public void Another_seed_has_another_plan() =>
        Assert.NotEqual(FaultPlan.Of(7, FaultPlan.Faults).Take(20), FaultPlan.Of(8, FaultPlan.Faults).Take(20));

    [Fact]
    public void Every_fault_comes_once_before_any_comes_again()
    {
        foreach (var round in FaultPlan.Of(3, FaultPlan.Faults).Take(FaultPlan.Faults.Count * 20).Chunk(FaultPlan.Faults.Count))
        {
            Assert.Equal(FaultPlan.Faults.Order(), round.Select(fault => fault.Kind).Order());
        }
    }

    [Fact]
    public void Every_disturbance_there_is_stands_in_one_of_the_plans() =>
        Assert.Equal(Enum.GetValues<DisturbanceKind>().Order(), FaultPlan.Faults.Concat(FaultPlan.Works).Order());

    [Fact]
    public void A_process_is_frozen_for_3_to_15_seconds() => Assert.All(
        FaultPlan.Of(5, [DisturbanceKind.FreezeSilo]).Take(1_000),
        fault => Assert.InRange(fault.Length, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(15)));

    [Fact]
    public void Options_are_read_and_what_is_none_is_refused()
    {
        var options = ChaosOptions.Parse(["--minutes", "20", "--seeds", "3", "--seed", "9", "--only", "KillSilo,Restore"]);

        Assert.Equal((TimeSpan.FromMinutes(20), 3, 9ul), (options.Length, options.Seeds, options.Seed));
        Assert.Equal([DisturbanceKind.KillSilo], options.Faults);
        Assert.Equal([DisturbanceKind.Restore], options.Works);
        Assert.Throws<ArgumentException>(() => ChaosOptions.Parse(["--minutes"]));
        Assert.Throws<ArgumentException>(() => ChaosOptions.Parse(["--minutes", "0"]));
        Assert.Throws<ArgumentException>(() => ChaosOptions.Parse(["--only", "Earthquake"]));
    }
}
