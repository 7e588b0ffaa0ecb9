using System.Net.Http.Json;
using System.Text.Json;
using Kataven.Bench.Contenders;
using Kataven.Bench.Grounds;
using Kataven.Bench.Measuring;
using Kataven.Bench.Wrk;

namespace Kataven.Bench.Scenarios;

/// <summary>Whether accounts that nobody asks for cost those that somebody does.</summary>
internal sealed class RegisteredScenario() : Scenario(
    "registered", "64 clients read from 50 accounts in turn, while those are all that there are, and while 10,000 more stand in `accounts`; on a server of its own, the product alone.")
{
    public const string Few = "50 registered";
    public const string Many = "10,050 registered";

    private const int Active = 50;
    private const int Clients = 64;

    /// <summary>An account that nobody asks for. Its status changes together with the rows: whoever knows of it has read them.</summary>
    private static readonly string Marker = Fleet.NameOf(Active);

    private static readonly string Register = $"""
        INSERT INTO public.accounts (account_id, account_name, database_name, status)
        SELECT 'row-' || i, 'Row ' || i, 'row-' || i, 'active' FROM generate_series(1, 10000) i;
        UPDATE public.accounts SET status = 'suspended' WHERE account_id = '{Marker}'
        """;

    private static readonly string Unregister = $"""
        DELETE FROM public.accounts WHERE account_id LIKE 'row-%';
        UPDATE public.accounts SET status = 'active' WHERE account_id = '{Marker}'
        """;

    public override GroundNeeds Needs(Plan plan) => new(GroundNeeds.ManyConnections, Active + 1, Throwaway: true);

    public override async Task RunAsync(Stage stage, CancellationToken cancellation)
    {
        await using var product = new Product();
        await product.StartAsync(stage.Ground, cancellation);
        var list = new RequestList(await stage.Ground.Fleet.TargetsAsync(0, Active, cancellation), Queries.PointReads);
        var file = Path.Combine(Directory.CreateDirectory(Path.Combine("artifacts", "bench", "requests")).FullName, "registered.lua");
        await list.WriteAsync(file, cancellation);
        await WrkRun.RunAsync(product.Address, file, Clients, 2 * stage.Plan.FirstWarmUpSeconds, cancellation);
        for (var round = 0; round < stage.Plan.Rounds; round++)
        {
            await MeasureAsync(stage, product, file, Few, cancellation);
            await stage.Ground.ExecuteAsync("system", Register, cancellation);
            await SeenAsync(product, "suspended", cancellation);
            await MeasureAsync(stage, product, file, Many, cancellation);
            await stage.Ground.ExecuteAsync("system", Unregister, cancellation);
            await SeenAsync(product, "active", cancellation);
        }
    }

    private static async Task MeasureAsync(Stage stage, Product product, string file, string cell, CancellationToken cancellation)
    {
        await WrkRun.RunAsync(product.Address, file, Clients, stage.Plan.WarmUpSeconds, cancellation);
        stage.Add(cell, product.Name, await Meter.MeasureAsync(
            stage.Ground, product.Name, product.Processes, Meter.SeldomSamples,
            () => WrkRun.RunAsync(product.Address, file, Clients, stage.Plan.LongSeconds, cancellation), cancellation));
    }

    /// <summary>Waits until the product has read the rows.</summary>
    private static async Task SeenAsync(Product product, string status, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = product.Address };
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while ((await http.GetFromJsonAsync<JsonElement>($"/api/accounts/validate/{Marker}", deadline.Token)).GetProperty("status").GetString() != status)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), deadline.Token);
        }
    }
}
