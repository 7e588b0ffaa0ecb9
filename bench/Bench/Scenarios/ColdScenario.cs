using Kataven.Bench.Contenders;
using Kataven.Load;

namespace Kataven.Bench.Scenarios;

/// <summary>The first request for an account, by a service that has answered others.</summary>
internal sealed class ColdScenario() : Scenario(
    "cold", "The first request for an account, one after the other, to a service that runs and has answered for others. The quantiles are those of all rounds together.")
{
    public const string Cell = "first request";

    private const int WarmAccounts = 20;

    public override async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        await using var lineUp = await LineUp.StartAsync(stage.Ground, stage.Contenders(1), cancellation);
        var targets = await stage.Ground.Fleet.TargetsAsync(0, stage.Plan.Accounts, cancellation);
        var turns = lineUp.Contenders.Select(contender =>
        {
            var own = contender.ChecksTokens ? targets : [.. targets.Select(target => target with { Token = null })];
            return new Turn(Cell, contender.Name, contender.Processes, time => LoadRun.RunAsync(PlanOf(stage, contender, own, time), cancellation))
            {
                // An account is cold once.
                IsRepeatable = false,
            };
        }).ToList();
        foreach (var turn in turns)
        {
            await turn.RunAsync(new TurnTime(TurnTime.WarmUp, stage.Plan.FirstWarmUpSeconds));
        }

        await Turns.PlayAsync(stage, turns, stage.Plan.LongSeconds, cancellation);
    }

    private static LoadPlan PlanOf(Stage stage, Contender contender, IReadOnlyList<Target> targets, TurnTime time)
    {
        var isWarmUp = time.Round == TurnTime.WarmUp;
        var cold = Math.Min(stage.Plan.ColdAccounts, (targets.Count - WarmAccounts) / stage.Plan.Rounds);
        var (first, count) = isWarmUp ? (0, WarmAccounts) : (WarmAccounts + (time.Round * cold), cold);
        return new LoadPlan
        {
            Address = contender.Address,
            Next = number => (targets[first + (int)(number % count)], Queries.PointRead(1)),
            Clients = 1,
            Count = isWarmUp ? long.MaxValue : count,
            Duration = isWarmUp ? TimeSpan.FromSeconds(time.Seconds) : TimeSpan.FromMinutes(2),
            KeepSamples = !isWarmUp,
        };
    }
}
