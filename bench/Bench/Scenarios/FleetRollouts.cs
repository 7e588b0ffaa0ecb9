using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Kataven.Bench.Contenders;
using Kataven.Bench.Grounds;
using Kataven.Load;
using Npgsql;

namespace Kataven.Bench.Scenarios;

/// <summary>A small migration over all accounts.</summary>
internal static class FleetRollouts
{
    public const string Whole = "rollout";
    public const string Alone = "before the rollout";
    public const string Killed = "killed rollout";
    public const string Rate = "accounts migrated";
    public const string Failed = "accounts that failed";
    public const string Skipped = "accounts skipped";
    public const string Twice = "accounts migrated twice";

    private const double RequestsPerSecond = 50;
    private const int WarmUpClients = 8;

    /// <summary>How far the rollout has come when the product is killed.</summary>
    private static readonly double[] Kills = [1 / 3.0, 2 / 3.0];

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ShortLook = TimeSpan.FromMilliseconds(25);

    public static async Task WholeAsync(FleetSite site, int version, CancellationToken cancellation)
    {
        await site.Migrations.WriteNextAsync(version, cancellation);
        await site.StartAsync(cancellation);
        // The other account is asked all the time, so it is not among those that are held.
        await site.Admin.PostAsync($"accounts/{FleetSite.Another}/migrations", null, cancellation);
        var targets = await site.Ground.Fleet.TargetsAsync(site.Accounts, cancellation);
        await LoadRun.RunAsync(
            new LoadPlan { Address = site.Product.Address, Next = number => (targets[(int)(number % targets.Count)], FleetLoads.PointRead(1)), Clients = WarmUpClients, Count = targets.Count, Duration = TimeSpan.FromMinutes(5) },
            cancellation);
        var loads = new FleetLoads(site, RequestsPerSecond, number => (targets[AnyOf(number, targets.Count)], FleetLoads.PointRead(number)));
        await loads.WarmUpAsync(cancellation);
        await loads.AloneAsync(Alone, 2 * site.Stage.Plan.LongSeconds, cancellation);
        var (rollout, seconds) = (default(JsonElement), 0.0);
        await loads.RunAsync(
            Whole,
            async () =>
            {
                var begun = TimeProvider.System.GetUtcNow();
                rollout = await EndedAsync(site, await BeginAsync(site, cancellation), cancellation);
                seconds = (rollout.GetProperty("finished_at").GetDateTimeOffset() - begun).TotalSeconds;
            },
            TimeSpan.FromSeconds(1),
            cancellation);
        site.Stage.Add(Whole, Product.ContenderName, Rate, "accounts/s", rollout.GetProperty("succeeded").GetInt32() / seconds);
        site.Stage.Add(Whole, Product.ContenderName, "accounts", "", site.Accounts.Count);
        await CheckAsync(site, Whole, version, rollout, cancellation);
    }

    public static async Task KilledAsync(FleetSite site, int version, CancellationToken cancellation)
    {
        await site.Migrations.WriteNextAsync(version, cancellation);
        await site.StartAsync(cancellation);
        var id = await BeginAsync(site, cancellation);
        foreach (var part in Kills)
        {
            var wanted = (int)(part * site.Accounts.Count);
            var found = await site.Admin.WhenAsync(
                $"rollouts/{id}", rollout => AdminClient.StatusOf(rollout) != "running" || rollout.GetProperty("succeeded").GetInt32() >= wanted, ShortLook, PatienceFor(site), cancellation);
            if (AdminClient.StatusOf(found) != "running")
            {
                throw new InvalidOperationException($"The rollout had ended before the product could be killed: {found}");
            }

            await site.KillAsync(cancellation);
            var killed = Stopwatch.GetTimestamp();
            site.Stage.Add(Killed, Product.ContenderName, "accounts that were done when it was killed", "", found.GetProperty("succeeded").GetInt32());
            await site.StartAsync(cancellation);
            var done = found.GetProperty("succeeded").GetInt32();
            await site.Admin.WhenAsync(
                $"rollouts/{id}", rollout => AdminClient.StatusOf(rollout) != "running" || rollout.GetProperty("succeeded").GetInt32() > done + 1, ShortLook, PatienceFor(site), cancellation);
            site.Stage.Add(Killed, Product.ContenderName, "from the kill until it went on, start of the product included", "s", Stopwatch.GetElapsedTime(killed).TotalSeconds);
        }

        await CheckAsync(site, Killed, version, await EndedAsync(site, id, cancellation), cancellation);
    }

    private static async Task<string> BeginAsync(FleetSite site, CancellationToken cancellation) =>
        (await site.Admin.PostAsync("rollouts", new { }, cancellation)).GetProperty("rollout_id").GetString()!;

    private static Task<JsonElement> EndedAsync(FleetSite site, string id, CancellationToken cancellation) =>
        site.Admin.WhenAsync($"rollouts/{id}", rollout => AdminClient.StatusOf(rollout) != "running", Look, PatienceFor(site), cancellation);

    private static TimeSpan PatienceFor(FleetSite site) => TimeSpan.FromSeconds(120 + (0.5 * site.Accounts.Count));

    /// <summary>Looks into each account's database, past the product.</summary>
    private static async Task CheckAsync(FleetSite site, string cell, int version, JsonElement rollout, CancellationToken cancellation)
    {
        var (skipped, twice) = (0, 0);
        await Parallel.ForEachAsync(site.Accounts, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellation }, async (name, stop) =>
        {
            var (applied, effects) = await CountAsync(site, name, version, stop);
            if (applied == 0 || effects == 0)
            {
                Interlocked.Increment(ref skipped);
            }

            if (applied > 1 || effects > 1)
            {
                Interlocked.Increment(ref twice);
            }
        });
        site.Stage.Add(cell, Product.ContenderName, "how it ended", AdminClient.StatusOf(rollout));
        site.Stage.Add(cell, Product.ContenderName, Failed, "", rollout.GetProperty("failed").GetInt32());
        site.Stage.Add(cell, Product.ContenderName, Skipped, "", skipped);
        site.Stage.Add(cell, Product.ContenderName, Twice, "", twice);
    }

    private static async Task<(long Applied, long Effects)> CountAsync(FleetSite site, string name, int version, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(site.Ground.ConnectionTo(name, "").ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(
            string.Create(CultureInfo.InvariantCulture, $"""
            SELECT (SELECT count(*) FROM _kataven.migration WHERE version = {version} AND state = 'applied'), (SELECT count(*) FROM public.effect WHERE version = {version})
            """),
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>As good as random, and the same in each run.</summary>
    private static int AnyOf(long number, int count) => (int)(unchecked((ulong)number * 0x9E3779B97F4A7C15UL) >> 33) % count;
}
