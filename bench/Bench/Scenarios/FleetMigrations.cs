using System.Diagnostics;
using Kataven.Bench.Contenders;

namespace Kataven.Bench.Scenarios;

/// <summary>One large account is migrated while it is asked, by scripts that write to its large table: what do others notice?</summary>
internal static class FleetMigrations
{
    public const string Migration = "migration of the large account";
    public const string Alone = "before the migration";

    private const int Scripts = 6;

    /// <param name="site">Where the large account is.</param>
    /// <param name="first">The number of the first script.</param>
    /// <param name="loadsOf">The requests, to the product as it was started last.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task RunAsync(FleetSite site, int first, Func<Task<FleetLoads>> loadsOf, CancellationToken cancellation)
    {
        for (var round = 0; round < site.Stage.Plan.Rounds; round++)
        {
            for (var script = 0; script < Scripts; script++)
            {
                await site.Migrations.WriteLargeAsync(first + (round * Scripts) + script, cancellation);
            }

            await site.StartAsync(cancellation);
            var loads = await loadsOf();
            await loads.AloneAsync(Alone, site.Stage.Plan.LongSeconds, cancellation);
            var seconds = 0.0;
            await loads.RunAsync(
                Migration,
                async () =>
                {
                    var begun = Stopwatch.GetTimestamp();
                    await site.Admin.PostAsync($"accounts/{FleetOperations.Large}/migrations", null, cancellation);
                    seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
                },
                TimeSpan.FromSeconds(1),
                cancellation);
            site.Stage.Add(Migration, Product.ContenderName, "time", "s", seconds);
        }
    }
}
