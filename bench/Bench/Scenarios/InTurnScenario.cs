using System.Globalization;
using Kataven.Bench.Contenders;
using Kataven.Bench.Grounds;
using Kataven.Bench.Measuring;
using Kataven.Load;

namespace Kataven.Bench.Scenarios;

/// <summary>More accounts than the server takes connections, one after the other.</summary>
internal sealed class InTurnScenario() : Scenario(
    "in-turn", "64 clients read from all accounts in turn, on a server that takes 100 connections. Connections are counted every 50 ms. Each contender has the server to itself, and starts anew for each round.")
{
    private const int MaxConnections = 100;
    private const int Clients = 64;
    private const int WarmAccounts = 8;

    private static readonly TimeSpan Sampling = TimeSpan.FromMilliseconds(50);

    public override GroundNeeds Needs(Plan plan) => new(MaxConnections, plan.Accounts);

    public override async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        for (var round = 0; round < stage.Plan.RoundsApart; round++)
        {
            foreach (var contender in stage.Contenders(stage.Plan.Accounts, apart: true))
            {
                IReadOnlyList<Target> targets = [];
                await Apart.RunAsync(
                    stage.Ground,
                    contender,
                    async () =>
                    {
                        targets = await stage.Ground.Fleet.TargetsAsync(0, stage.Plan.Accounts, cancellation);
                        await LoadRun.RunAsync(PlanOf(contender, [.. targets.Take(WarmAccounts)], stage.Plan.FirstWarmUpSeconds), cancellation);
                    },
                    () => MeasureAsync(stage, contender, targets, cancellation),
                    cancellation);
            }
        }
    }

    private static async Task MeasureAsync(Stage stage, Contender contender, IReadOnlyList<Target> targets, CancellationToken cancellation)
    {
        var cell = string.Create(CultureInfo.InvariantCulture, $"{targets.Count} accounts");
        stage.Add(cell, contender.Name, await Meter.MeasureAsync(
            stage.Ground, contender.Name, contender.Processes, Sampling,
            () => LoadRun.RunAsync(PlanOf(contender, targets, stage.Plan.LongSeconds), cancellation), cancellation));
    }

    private static LoadPlan PlanOf(Contender contender, IReadOnlyList<Target> targets, int seconds)
    {
        var own = contender.ChecksTokens ? targets : [.. targets.Select(target => target with { Token = null })];
        return new LoadPlan
        {
            Address = contender.Address,
            Next = number => (own[(int)(number % own.Count)], Queries.PointRead(1 + (int)(number % Fleet.Rows))),
            Clients = Clients,
            Duration = TimeSpan.FromSeconds(seconds),
        };
    }
}
