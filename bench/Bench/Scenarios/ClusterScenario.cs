using Kataven.Bench.Grounds;
using Kataven.Testing.Cluster;
using Npgsql;

namespace Kataven.Bench.Scenarios;

/// <summary>Several silos and front doors as processes of their own: what they cost, and what is noticed when one of them goes.</summary>
internal sealed class ClusterScenario() : Scenario(
    ScenarioName,
    "Silos and front doors as processes. 64 clients read one row from 20 accounts in turn, through one front door and 1, 2 and 4 silos. Then 500 requests a second, half of them writes, are sent through two front doors to 20 accounts on three silos: while each process is restarted (SIGTERM), and while a silo is killed (SIGKILL), or frozen (SIGSTOP) and woken. And for minutes on end 64 clients, each of which sends when its last request is answered, leave three silos and two front doors no core to spare. On a server of its own, the product alone.")
{
    public const string ScenarioName = "cluster";

    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(30);

    public override GroundNeeds Needs(Plan plan) => new(GroundNeeds.ManyConnections, ClusterCost.Accounts, Throwaway: true);

    public override async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        await PartAsync(stage, "cost", () => ClusterCost.RunAsync(stage, cancellation), cancellation);
        await PartAsync(stage, ClusterFaults.Rolling, () => ClusterFaults.RestartAsync(stage), cancellation);
        await PartAsync(stage, ClusterFaults.Killed, () => ClusterFaults.TakeOverAsync(stage, cancellation), cancellation);
        await PartAsync(stage, ClusterEndurance.Cell, () => ClusterEndurance.RunAsync(stage, cancellation), cancellation);
    }

    /// <param name="stage">Where it is measured.</param>
    /// <param name="silos">How many.</param>
    /// <param name="fronts">How many.</param>
    /// <param name="lasts">How long its processes are needed at most; null: for half an hour.</param>
    public static Task<RealCluster> StartAsync(Stage stage, int silos, int fronts, TimeSpan? lasts = null) => RealCluster.StartAsync(
        stage.Ground.Server.ConnectionString,
        new ClusterPlan { Silos = silos, Fronts = fronts, LongestLife = lasts ?? Usual, Settings = new Dictionary<string, string> { ["Logging__LogLevel__Default"] = "Warning" } });

    /// <summary>One that fails does not take the others' results with it.</summary>
    private static async Task PartAsync(Stage stage, string name, Func<Task> part, CancellationToken cancellation)
    {
        try
        {
            await part();
        }
        catch (Exception failure) when (failure is InvalidOperationException or HttpRequestException or NpgsqlException or TimeoutException && !cancellation.IsCancellationRequested)
        {
            Console.WriteLine($"  {ScenarioName} · {name} was not measured: {failure.Message}");
            stage.IsWhole = false;
        }
    }
}
