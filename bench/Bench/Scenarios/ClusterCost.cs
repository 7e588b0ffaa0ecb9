using System.Globalization;
using Kataven.Bench.Contenders;
using Kataven.Bench.Grounds;
using Kataven.Bench.Measuring;
using Kataven.Bench.Results;
using Kataven.Bench.Wrk;
using Kataven.Load;

namespace Kataven.Bench.Scenarios;

/// <summary>What a request costs where the work is spread over more silos.</summary>
internal static class ClusterCost
{
    public const int Accounts = 20;

    private const int Clients = 64;

    private static readonly int[] Silos = [1, 2, 4];

    public static string CellOf(int silos) => silos == 1 ? "1 silo" : string.Create(CultureInfo.InvariantCulture, $"{silos} silos");

    /// <summary>The fact's name, which no other cell has.</summary>
    public static string CpuOf(int silos) => $"CPU a request, service and PostgreSQL together, {CellOf(silos)}";

    public static async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        for (var round = 0; round < stage.Plan.Rounds; round++)
        {
            foreach (var silos in Silos)
            {
                await MeasureAsync(stage, silos, cancellation);
            }
        }
    }

    private static async Task MeasureAsync(Stage stage, int silos, CancellationToken cancellation)
    {
        await using var cluster = await ClusterScenario.StartAsync(stage, silos, fronts: 1);
        var targets = new List<Target>();
        foreach (var name in Enumerable.Range(0, Accounts).Select(Fleet.NameOf))
        {
            targets.Add(new Target(name, await cluster.Calls.TokenAsync(name)));
        }

        var file = Path.Combine(Directory.CreateDirectory(Path.Combine("artifacts", "bench", "requests")).FullName, "cluster.lua");
        await new RequestList(targets, Queries.PointReads).WriteAsync(file, cancellation);
        var address = cluster.Fronts[0].Address;
        // Each process compiles its code anew, and gets its part of the requests only.
        await WrkRun.RunAsync(address, file, Clients, 2 * silos * stage.Plan.FirstWarmUpSeconds, cancellation);
        await Quiet.WaitAsync(stage.Patience, cancellation);
        var measurement = await Meter.MeasureAsync(
            stage.Ground, Product.ContenderName, [.. cluster.Members.Select(member => member.Process.ProgramId)], Meter.SeldomSamples,
            () => WrkRun.RunAsync(address, file, Clients, stage.Plan.LongSeconds, cancellation), cancellation);
        stage.Add(CellOf(silos), Product.ContenderName, measurement);
        stage.Add(CellOf(silos), Product.ContenderName, CpuOf(silos), "µs", new Summary(new ResultEntry(ClusterScenario.ScenarioName, CellOf(silos), Product.ContenderName, stage.Plan.IsQuick, default, [measurement])).Cpu);
    }
}
