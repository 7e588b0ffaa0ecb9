using Kataven.Bench.Contenders;
using Kataven.Bench.Wrk;
using Kataven.Load;

namespace Kataven.Bench.Scenarios;

/// <summary>An account that reads at a steady rate, alone and beside one all of whose connections sleep.</summary>
internal sealed class SleeperScenario() : Scenario(
    "sleeper", "An account reads 300 rows a second by their keys, alone, and beside another that has `pg_sleep(0.5)` run by 16 clients without a pause. Latency counts from when a request was due.")
{
    public const string Alone = "alone";
    public const string Beside = "beside a sleeper";

    private const int Sleepers = 16;
    private const double Rate = 300;

    public override async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        await using var lineUp = await LineUp.StartAsync(stage.Ground, stage.Contenders(2), cancellation);
        var targets = await stage.Ground.Fleet.TargetsAsync(0, 2, cancellation);
        await AnswerCheck.AnswersAreEqualAsync(lineUp.Contenders, new RequestList(targets, [Queries.PointRead(1), Queries.Sleep]), cancellation);
        var turns = new List<Turn>();
        foreach (var contender in lineUp.Contenders)
        {
            var own = contender.ChecksTokens ? targets : [.. targets.Select(target => target with { Token = null })];
            await ReadAsync(contender, own[0], stage.Plan.FirstWarmUpSeconds, cancellation);
            turns.Add(new Turn(Alone, contender.Name, contender.Processes, time => ReadAsync(contender, own[0], time.Seconds, cancellation)));
            turns.Add(new Turn(Beside, contender.Name, contender.Processes, time => BesideAsync(contender, own, time.Seconds, cancellation)));
        }

        await Turns.PlayAsync(stage, turns, stage.Plan.LongSeconds, cancellation);
    }

    private static Task<LoadFigures> ReadAsync(Contender contender, Target reader, int seconds, CancellationToken cancellation) => LoadRun.RunAsync(
        new LoadPlan
        {
            Address = contender.Address,
            Next = number => (reader, Queries.PointRead(1 + (int)(number % Grounds.Fleet.Rows))),
            Clients = 64,
            Rate = Rate,
            Duration = TimeSpan.FromSeconds(seconds),
        },
        cancellation);

    private static async Task<LoadFigures> BesideAsync(Contender contender, IReadOnlyList<Target> targets, int seconds, CancellationToken cancellation)
    {
        var sleeping = LoadRun.RunAsync(
            new LoadPlan { Address = contender.Address, Next = _ => (targets[1], Queries.Sleep), Clients = Sleepers, Duration = TimeSpan.FromSeconds(seconds) },
            cancellation);
        var figures = await ReadAsync(contender, targets[0], seconds, cancellation);
        var slept = await sleeping;
        return slept.Errors == 0 ? figures : figures with { FirstError = $"{slept.Errors} of the sleeper's: {slept.FirstError}" };
    }
}
