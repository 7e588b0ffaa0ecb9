using Kataven.Bench.Contenders;
using Kataven.Bench.Grounds;
using Kataven.Bench.Measuring;
using Kataven.Bench.Wrk;
using Kataven.Load;
using Kataven.Testing.Cluster;
using Npgsql;

namespace Kataven.Bench.Scenarios;

/// <summary>Whether members that have no core to spare go on counting on each other.</summary>
internal static class ClusterEndurance
{
    public const string Cell = "full load";

    /// <summary>The facts' names, which no other cell has.</summary>
    public const string Deaths = "members that were declared dead, or ended, under full load";

    public const string Failed = "requests that failed under full load";

    private const int Clients = 64;

    private const string CountOfDead = "SELECT count(*) FROM orleans.orleansmembershiptable WHERE status = 6";

    public static async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        await using var cluster = await ClusterScenario.StartAsync(stage, silos: 3, fronts: 2, TimeSpan.FromMinutes((1.5 * stage.Plan.EnduranceMinutes) + 10));
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine("artifacts", "bench", "requests")).FullName, "endurance.lua");
        await new RequestList(await TargetsAsync(cluster), Queries.OneWriteInTen).WriteAsync(file, cancellation);
        await using var system = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(stage.Ground.Server.ConnectionString) { Database = "system" });
        await using var count = system.CreateCommand(CountOfDead);
        var before = (long)(await count.ExecuteScalarAsync(cancellation))!;
        for (var minute = 0; minute < stage.Plan.EnduranceMinutes; minute++)
        {
            var measurement = await Meter.MeasureAsync(
                stage.Ground, Product.ContenderName, [.. cluster.Members.Where(member => member.IsRunning).Select(member => member.Process.ProgramId)], Meter.SeldomSamples,
                () => WrkRun.RunAsync(cluster.Fronts[0].Address, file, Clients, 60, cancellation), cancellation);
            stage.Add(Cell, Product.ContenderName, measurement);
            stage.Add(Cell, Product.ContenderName, Failed, "", measurement.Figures.Errors);
            stage.Add(Cell, Product.ContenderName, Deaths, "", Math.Max((long)(await count.ExecuteScalarAsync(cancellation))! - before, cluster.Members.Count(member => !member.IsRunning)));
        }
    }

    private static async Task<List<Target>> TargetsAsync(RealCluster cluster)
    {
        var targets = new List<Target>();
        foreach (var name in Enumerable.Range(0, ClusterCost.Accounts).Select(Fleet.NameOf))
        {
            targets.Add(new Target(name, await cluster.Calls.TokenAsync(name)));
        }

        return targets;
    }
}
