using Kataven.Bench.Grounds;
using Npgsql;

namespace Kataven.Bench.Scenarios;

/// <summary>What is done to accounts rather than for them: they are made, migrated, backed up, restored, cloned.</summary>
internal sealed class FleetScenario() : Scenario(
    ScenarioName,
    "What is done to accounts: they are made; a small migration is rolled out over all of them, undisturbed and with the product killed in the middle (SIGKILL); a large one is backed up, restored, cloned and migrated, while it is asked 100 times a second (one request in ten writes) and another account as often. On a server of its own, the product alone.")
{
    public const string ScenarioName = "fleet";

    /// <summary>Beside what is no request's figure.</summary>
    public const string Others = "part of the machine that others used";

    private static readonly TimeSpan TimeLimit = TimeSpan.FromMinutes(60);

    public override GroundNeeds Needs(Plan plan) => new(GroundNeeds.ManyConnections, 0, Throwaway: true);

    public override async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(TimeLimit);
        await using var site = new FleetSite(stage);
        await site.Migrations.WriteFirstAsync(deadline.Token);
        await site.StartAsync(deadline.Token);
        await FleetProvisioning.RunAsync(site, deadline.Token);
        await PartAsync(stage, FleetRollouts.Whole, () => FleetRollouts.WholeAsync(site, 2, deadline.Token), deadline.Token);
        await PartAsync(stage, FleetRollouts.Killed, () => FleetRollouts.KilledAsync(site, 3, deadline.Token), deadline.Token);
        await PartAsync(stage, "operations", () => FleetOperations.RunAsync(site, deadline.Token), deadline.Token);
    }

    /// <summary>One that fails does not take the others' results with it.</summary>
    private static async Task PartAsync(Stage stage, string name, Func<Task> part, CancellationToken cancellation)
    {
        try
        {
            await part();
        }
        catch (Exception failure) when (failure is InvalidOperationException or HttpRequestException or NpgsqlException or IOException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            Console.WriteLine($"  {ScenarioName} · {name} was not measured: {failure.Message}");
            stage.IsWhole = false;
        }
    }
}
