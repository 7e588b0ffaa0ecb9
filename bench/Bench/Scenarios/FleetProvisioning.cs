using System.Diagnostics;
using Kataven.Bench.Contenders;
using Kataven.Bench.Grounds;
using Kataven.Bench.Measuring;

namespace Kataven.Bench.Scenarios;

/// <summary>Makes the accounts, some one after the other and the rest some at a time.</summary>
internal static class FleetProvisioning
{
    public const string Cell = "provisioning";
    public const string OneByOne = "an account, one after the other";
    public const string Together = "4 at a time";

    private const int AtOnce = 4;
    private const int Alone = 20;

    public static async Task RunAsync(FleetSite site, CancellationToken cancellation)
    {
        // So that its code is compiled.
        await MakeAsync(site, FleetSite.Another, cancellation);
        var others = new Disturbance(site.Ground);
        var alone = Math.Min(Alone, site.Accounts.Count / 2);
        var times = new List<double>();
        foreach (var name in site.Accounts.Take(alone))
        {
            times.Add(await MakeAsync(site, name, cancellation));
        }

        times.Sort();
        site.Stage.Add(Cell, Product.ContenderName, OneByOne, "ms", times[times.Count / 2]);
        site.Stage.Add(Cell, Product.ContenderName, "the slowest of them", "ms", times[^1]);
        var begun = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            site.Accounts.Skip(alone), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (name, stop) => await MakeAsync(site, name, stop));
        site.Stage.Add(Cell, Product.ContenderName, Together, "accounts/s", (site.Accounts.Count - alone) / Stopwatch.GetElapsedTime(begun).TotalSeconds);
        site.Stage.Add(Cell, Product.ContenderName, FleetScenario.Others, "%", others.Percent);
        await site.Ground.ExecuteAsync("postgres", "CHECKPOINT", cancellation);
    }

    /// <returns>Milliseconds.</returns>
    public static async Task<double> MakeAsync(FleetSite site, string name, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        await site.Admin.PostAsync("accounts", new { account_id = name, account_name = name }, cancellation);
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }
}
