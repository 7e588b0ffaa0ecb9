using System.Globalization;
using Kataven.Bench.Contenders;
using Kataven.Bench.Wrk;
using Kataven.Load;

namespace Kataven.Bench.Scenarios;

/// <summary>A load that wrk sends: each client asks again as soon as it has its answer, accounts in turn.</summary>
internal sealed class WrkScenario(string name, string words) : Scenario(name, words)
{
    public required int Accounts { get; init; }

    public required IReadOnlyList<string> Bodies { get; init; }

    /// <summary>Null: those of the plan.</summary>
    public IReadOnlyList<int>? Clients { get; init; }

    public string Accept { get; init; } = "application/json";

    /// <summary>The cell in which pgbench has its turns too; 0: none.</summary>
    public int LimitAtClients { get; init; }

    /// <summary>Whether each contender has the server to itself, since the pools of all of them would not fit.</summary>
    public bool Apart { get; init; }

    public override Task RunAsync(Stage stage, CancellationToken cancellation) => Apart ? ApartAsync(stage, cancellation) : TogetherAsync(stage, cancellation);

    private async Task TogetherAsync(Stage stage, CancellationToken cancellation)
    {
        await using var lineUp = await LineUp.StartAsync(stage.Ground, stage.Contenders(Accounts), cancellation);
        var list = await ListAsync(stage, cancellation);
        await AnswerCheck.AnswersAreEqualAsync(lineUp.Contenders, list, cancellation);
        var files = await WriteAsync(list, cancellation);
        foreach (var contender in lineUp.Contenders)
        {
            await WarmUpAsync(stage, contender, files, cancellation);
        }

        foreach (var clients in Clients ?? stage.Plan.Clients)
        {
            var turns = lineUp.Contenders.Select(contender => TurnOf(contender, files, clients, cancellation)).ToList();
            if (clients == LimitAtClients)
            {
                turns.Add(PgBench.TurnOf(stage.Ground, CellOf(clients), cancellation));
            }

            await Turns.PlayAsync(stage, turns, stage.Plan.Seconds, cancellation);
        }
    }

    private async Task ApartAsync(Stage stage, CancellationToken cancellation)
    {
        for (var round = 0; round < stage.Plan.RoundsApart; round++)
        {
            foreach (var contender in stage.Contenders(Accounts, apart: true))
            {
                Dictionary<bool, string> files = [];
                await Contenders.Apart.RunAsync(
                    stage.Ground,
                    contender,
                    async () =>
                    {
                        files = await WriteAsync(await ListAsync(stage, cancellation), cancellation);
                        await WarmUpAsync(stage, contender, files, cancellation);
                    },
                    async () =>
                    {
                        foreach (var clients in Clients ?? stage.Plan.ClientsApart)
                        {
                            await Turns.PlayAsync(stage, TurnOf(contender, files, clients, cancellation), new TurnTime(round, stage.Plan.Seconds), cancellation);
                        }
                    },
                    cancellation);
            }
        }
    }

    private async Task<RequestList> ListAsync(Stage stage, CancellationToken cancellation) =>
        new(await stage.Ground.Fleet.TargetsAsync(0, Accounts, cancellation), Bodies, Accept);

    private async Task WarmUpAsync(Stage stage, Contender contender, Dictionary<bool, string> files, CancellationToken cancellation)
    {
        // Every account has to have its connections before anything is measured, however long that takes.
        var targets = await stage.Ground.Fleet.TargetsAsync(0, Accounts, cancellation);
        await LoadRun.RunAsync(
            new LoadPlan
            {
                Address = contender.Address,
                Next = number => (targets[(int)(number % targets.Count)] is var target && contender.ChecksTokens ? target : target with { Token = null }, Bodies[0]),
                Clients = 8,
                Count = 3 * Accounts,
            },
            cancellation);
        await WrkRun.RunAsync(contender.Address, files[contender.ChecksTokens], 64, stage.Plan.FirstWarmUpSeconds, cancellation);
    }

    private static string CellOf(int clients) => clients == 1 ? "1 client" : string.Create(CultureInfo.InvariantCulture, $"{clients} clients");

    private static Turn TurnOf(Contender contender, Dictionary<bool, string> files, int clients, CancellationToken cancellation) => new(
        CellOf(clients),
        contender.Name,
        contender.Processes,
        time => WrkRun.RunAsync(contender.Address, files[contender.ChecksTokens], clients, time.Seconds, cancellation));

    /// <summary>The list with tokens, and without.</summary>
    private async Task<Dictionary<bool, string>> WriteAsync(RequestList list, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Path.Combine("artifacts", "bench", "requests")).FullName;
        var files = new Dictionary<bool, string> { [true] = Path.Combine(folder, Name + ".lua"), [false] = Path.Combine(folder, Name + "-no-token.lua") };
        await list.WriteAsync(files[true], cancellation);
        await (list with { Targets = [.. list.Targets.Select(target => target with { Token = null })] }).WriteAsync(files[false], cancellation);
        return files;
    }
}
