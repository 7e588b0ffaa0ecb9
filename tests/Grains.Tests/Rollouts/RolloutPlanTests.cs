using System.Collections.Immutable;
using Kataven.Accounts;
using Kataven.Grains.Rollouts;
using Kataven.Rollouts;

namespace Kataven.Grains.Tests.Rollouts;

public sealed class RolloutPlanTests
{
    private static readonly RolloutRequest Request = new(1, [Id("c1"), Id("c2")], WaveSize: 2, Parallelism: 2, MaxFailures: 1, "tester");

    private static readonly RolloutProgress Waves = new() { Phase = RolloutPhase.Waves };

    private static readonly Dictionary<string, (RolloutProgress Progress, RolloutStatus Status, RolloutStep Step)> Steps = new()
    {
        ["nothing is known yet"] = (new(), RolloutStatus.Running, new(RolloutAct.Look)),
        ["an account waits"] = (Waves with { Waiting = [Id("a")] }, RolloutStatus.Running, new(RolloutAct.Begin, Id("a"))),
        ["one place is left"] = (Waves with { Waiting = [Id("b")], UnderWay = [Id("a")] }, RolloutStatus.Running, new(RolloutAct.Begin, Id("b"))),
        ["no place is left"] = (Waves with { Waiting = [Id("c")], UnderWay = [Id("a"), Id("b")] }, RolloutStatus.Running, new(RolloutAct.Wait)),
        ["the wave's last one runs"] = (Waves with { UnderWay = [Id("a")] }, RolloutStatus.Running, new(RolloutAct.Wait)),
        ["the wave is over"] = (Waves, RolloutStatus.Running, new(RolloutAct.Look)),
        ["as many failed as may"] = (Waves with { Waiting = [Id("a")], Failed = 1 }, RolloutStatus.Running, new(RolloutAct.Begin, Id("a"))),
        ["too many failed"] = (Waves with { Waiting = [Id("a")], Failed = 2 }, RolloutStatus.Running, new(RolloutAct.End, Status: RolloutStatus.Stopped)),
        ["too many failed, and one runs"] = (Waves with { UnderWay = [Id("a")], Failed = 2 }, RolloutStatus.Running, new(RolloutAct.Wait)),
        ["paused"] = (Waves with { Waiting = [Id("a")] }, RolloutStatus.Paused, new(RolloutAct.Wait)),
        ["paused, and all is done"] = (Waves with { IsDone = true }, RolloutStatus.Paused, new(RolloutAct.Wait)),
        ["paused, and too many failed"] = (Waves with { Failed = 2 }, RolloutStatus.Paused, new(RolloutAct.End, Status: RolloutStatus.Stopped)),
        ["aborted"] = (Waves with { Waiting = [Id("a")] }, RolloutStatus.Aborted, new(RolloutAct.End, Status: RolloutStatus.Aborted)),
        ["aborted, and one runs"] = (Waves with { UnderWay = [Id("a")] }, RolloutStatus.Aborted, new(RolloutAct.Wait)),
        ["busy ones are left"] = (Waves with { IsResting = true }, RolloutStatus.Running, new(RolloutAct.Rest)),
        ["busy ones are given up"] = (Waves with { GivenUp = [Id("a")] }, RolloutStatus.Running, new(RolloutAct.GiveUp, Id("a"))),
        ["nobody is left"] = (Waves with { IsDone = true, Failed = 1 }, RolloutStatus.Running, new(RolloutAct.End, Status: RolloutStatus.Succeeded)),
    };

    public static TheoryData<string> Situations => [.. Steps.Keys];

    [Theory]
    [MemberData(nameof(Situations))]
    public void What_comes_next_follows_from_the_situation(string situation)
    {
        var (progress, status, expected) = Steps[situation];

        Assert.Equal(expected, RolloutPlan.Next(Request, progress, status));
    }

    [Fact]
    public void All_canaries_that_are_left_come_before_everybody_else()
    {
        var progress = RolloutPlan.Look(Request, new RolloutProgress(), [Id("a"), Id("c1"), Id("c2")]);

        Assert.Equal([Id("c1"), Id("c2")], progress.Waiting);
        Assert.Equal((RolloutPhase.Canaries, 0), (progress.Phase, progress.Wave));
    }

    [Fact]
    public void A_busy_canary_holds_the_waves_back_until_it_is_tried_again()
    {
        var progress = RolloutPlan.Look(Request, new RolloutProgress { PutOff = Busy("c1") }, [Id("a"), Id("c1")]);

        Assert.Equal((RolloutPhase.Canaries, true), (progress.Phase, progress.IsResting));
        Assert.Equal([Id("c1")], RolloutPlan.Look(Request, progress.Rested(), [Id("a"), Id("c1")]).Waiting);
    }

    [Fact]
    public void When_no_canary_is_left_the_first_wave_takes_as_many_as_it_may()
    {
        var progress = RolloutPlan.Look(Request, new RolloutProgress(), [Id("a"), Id("b"), Id("d")]);

        Assert.Equal([Id("a"), Id("b")], progress.Waiting);
        Assert.Equal((RolloutPhase.Waves, 1), (progress.Phase, progress.Wave));
    }

    [Fact]
    public void A_wave_passes_over_those_that_were_busy()
    {
        var progress = RolloutPlan.Look(Request, Waves with { PutOff = Busy("a") }, [Id("a"), Id("b"), Id("d"), Id("e")]);

        Assert.Equal([Id("b"), Id("d")], progress.Waiting);
    }

    [Fact]
    public void Those_that_are_busy_in_the_last_round_are_given_up_and_those_that_left_are_not()
    {
        var progress = RolloutPlan.Look(Request, Waves with { PutOff = Busy("a", "b"), Round = RolloutPlan.MaxRounds }, [Id("b")]);

        Assert.Equal([Id("b")], progress.GivenUp);
        Assert.Equal((1, 0), (progress.GaveUp().Failed, progress.GaveUp().Round));
    }

    [Fact]
    public void Nobody_is_left_when_only_those_that_left_were_busy() =>
        Assert.True(RolloutPlan.Look(Request, Waves with { PutOff = Busy("a") }, []).IsDone);

    [Fact]
    public void Rests_grow_and_come_to_about_two_hours()
    {
        var rests = Enumerable.Range(0, RolloutPlan.MaxRounds).Select(RolloutPlan.RestBefore).ToList();

        Assert.Equal(rests.Order(), rests);
        Assert.Equal((1, 30), (rests[0].TotalSeconds, rests[^1].TotalSeconds));
        Assert.InRange(rests.Sum(rest => rest.TotalHours), 1.9, 2.2);
    }

    [Theory]
    [InlineData(RolloutStatus.Running, RolloutStatus.Paused, true)]
    [InlineData(RolloutStatus.Paused, RolloutStatus.Running, true)]
    [InlineData(RolloutStatus.Paused, RolloutStatus.Paused, true)]
    [InlineData(RolloutStatus.Paused, RolloutStatus.Aborted, true)]
    [InlineData(RolloutStatus.Aborted, RolloutStatus.Aborted, true)]
    [InlineData(RolloutStatus.Aborted, RolloutStatus.Running, false)]
    [InlineData(RolloutStatus.Stopped, RolloutStatus.Paused, false)]
    [InlineData(RolloutStatus.Succeeded, RolloutStatus.Aborted, false)]
    public void What_has_ended_stays_as_it_is(RolloutStatus status, RolloutStatus wanted, bool may) =>
        Assert.Equal(may, RolloutPlan.MayBecome(status, wanted));

    private static AccountId Id(string slug) => AccountId.Parse(slug);

    private static ImmutableDictionary<AccountId, string> Busy(params string[] slugs) => slugs.ToImmutableDictionary(Id, _ => "busy");
}
