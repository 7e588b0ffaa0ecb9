using Kataven.Bench.Grounds;
using Kataven.Bench.Measuring;
using Kataven.Load;

namespace Kataven.Bench.Scenarios;

/// <summary>Requests at fixed rates while something is done: to the accounts that it is done to, and to another.</summary>
/// <param name="site">Where.</param>
/// <param name="rate">Requests a second to those.</param>
/// <param name="next">The n-th of them.</param>
internal sealed class FleetLoads(FleetSite site, double rate, Func<long, (Target Target, string Body)> next)
{
    private const double AnothersRate = 100;

    /// <summary>For each load: what is due while one account is held does not keep others waiting.</summary>
    private const int Clients = 64;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);

    public static string CellOf(string phase, bool isAnother) => phase + (isAnother ? ": another account" : ": asked");

    /// <param name="phase">What is done.</param>
    /// <param name="work">Does it: what is asked of the other account ends with it.</param>
    /// <param name="after">How long the rest goes on, to see what comes after.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(string phase, Func<Task> work, TimeSpan after, CancellationToken cancellation)
    {
        var (asked, another) = await MeasureAsync(work, after, cancellation);
        site.Stage.Add(CellOf(phase, false), site.Product.Name, asked);
        site.Stage.Add(CellOf(phase, true), site.Product.Name, another);
    }

    /// <summary>The same requests while nothing is done.</summary>
    public Task AloneAsync(string phase, int seconds, CancellationToken cancellation) =>
        RunAsync(phase, () => Task.Delay(TimeSpan.FromSeconds(seconds), cancellation), TimeSpan.Zero, cancellation);

    /// <summary>The same, and nothing is measured.</summary>
    public Task WarmUpAsync(CancellationToken cancellation) =>
        MeasureAsync(() => Task.Delay(TimeSpan.FromSeconds(site.Stage.Plan.FirstWarmUpSeconds), cancellation), TimeSpan.Zero, cancellation);

    public static string PointRead(long number) => Queries.PointRead(1 + (int)(number % MigrationFolder.Rows));

    private async Task<(Measurement Asked, Measurement Another)> MeasureAsync(Func<Task> work, TimeSpan after, CancellationToken cancellation)
    {
        await Quiet.WaitAsync(site.Stage.Patience, cancellation);
        var another = (await site.Ground.Fleet.TargetsAsync([FleetSite.Another], cancellation))[0];
        using var stop = new CancellationTokenSource();
        using var stopAnother = new CancellationTokenSource();
        var asked = LoadRun.RunAsync(PlanOf(rate, next, stop.Token), cancellation);
        try
        {
            var measurement = await Meter.MeasureAsync(
                site.Ground, site.Product.Name, site.Product.Processes, Meter.SeldomSamples,
                async () =>
                {
                    var anothers = LoadRun.RunAsync(PlanOf(AnothersRate, number => (another, PointRead(number)), stopAnother.Token), cancellation);
                    try
                    {
                        await work();
                    }
                    finally
                    {
                        await stopAnother.CancelAsync();
                        await anothers;
                    }

                    return await anothers;
                },
                cancellation);
            await Task.Delay(after, cancellation);
            await stop.CancelAsync();
            return (measurement with { Figures = await asked }, measurement);
        }
        finally
        {
            await stop.CancelAsync();
            await asked;
        }
    }

    private LoadPlan PlanOf(double rate, Func<long, (Target Target, string Body)> next, CancellationToken stop) => new()
    {
        Address = site.Product.Address,
        Next = next,
        Clients = Clients,
        Rate = rate,
        Duration = Longest,
        Stop = stop,
        KeepSamples = true,
    };
}
