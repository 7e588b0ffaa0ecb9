using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Kataven.Bench.Contenders;
using Kataven.Bench.Measuring;
using Kataven.Load;
using Npgsql;

namespace Kataven.Bench.Scenarios;

/// <summary>A large account is backed up, restored, cloned and migrated.</summary>
internal static class FleetOperations
{
    public const string Backup = "backup";
    public const string Restore = "restore";
    public const string Clone = "clone";
    public const string FastRestore = "restore, as fast as the server can";
    public const string FastClone = "clone, as fast as the server can";
    public const string BareRestore = "bare pg_restore";
    public const string Alone = "before restore and clone";
    public const string Size = "the database";
    public const string BareDump = "bare pg_dump -Fc";
    public const string BackupTime = "the product's backup";
    public const string Memory = "growth of the product's memory";
    public const string Hold = "hold_ms";
    public const string Method = "method";

    public const string Large = "bench-large";
    private const string Small = "bench-small";
    private const long NoLimit = 1L << 40;

    /// <summary>After those of the rollouts.</summary>
    private const int FirstScript = 4;

    private const double RequestsPerSecond = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>About a kilobyte a row of what hardly gets smaller: each is 12 hashes in base64.</summary>
    private const string Rows = """
        INSERT INTO public.document
        SELECT i, 'kind ' || i % 1000, (SELECT string_agg(encode(sha512(convert_to(i || ' ' || j, 'UTF8')), 'base64'), '') FROM generate_series(1, 12) j)
        FROM generate_series($1::bigint, $1::bigint + 9999) i
        """;

    public static async Task RunAsync(FleetSite site, CancellationToken cancellation)
    {
        await site.StartAsync(cancellation);
        var rows = await MakeLargeAsync(site, cancellation);
        await WarmUpAsync(site, cancellation);
        var backup = await BackupsAsync(site, cancellation);
        var loads = await LoadsAsync(site, rows, cancellation);
        for (var round = 0; round < site.Stage.Plan.Rounds; round++)
        {
            await loads.AloneAsync(Alone, site.Stage.Plan.LongSeconds, cancellation);
            await RestoreAsync(site, loads, Restore, backup, cancellation);
            if (await CountAsync(site, "SELECT count(*) FROM public.document", cancellation) != rows)
            {
                throw new InvalidOperationException("The restored account has not the rows that it had.");
            }

            await loads.AloneAsync(Alone, site.Stage.Plan.LongSeconds, cancellation);
            await BareRestoreAsync(site, loads, cancellation);
            await loads.AloneAsync(Alone, site.Stage.Plan.LongSeconds, cancellation);
            await CloneAsync(site, loads, Clone, string.Create(CultureInfo.InvariantCulture, $"bench-clone-{round}"), cancellation);
        }

        await AtFullSpeedAsync(site, rows, backup, cancellation);
        await FleetMigrations.RunAsync(site, FirstScript, () => LoadsAsync(site, rows, cancellation), cancellation);
    }

    /// <summary>Restores and clones that are not slowed down.</summary>
    private static async Task AtFullSpeedAsync(FleetSite site, long rows, string backup, CancellationToken cancellation)
    {
        site.Settings["Kataven__Backups__MaxRestoreRate"] = $"{NoLimit}";
        await site.StartAsync(cancellation);
        site.Settings.Remove("Kataven__Backups__MaxRestoreRate");
        await WarmUpAsync(site, cancellation);
        var loads = await LoadsAsync(site, rows, cancellation);
        for (var round = 0; round < site.Stage.Plan.Rounds; round++)
        {
            await loads.AloneAsync(Alone, site.Stage.Plan.LongSeconds, cancellation);
            await RestoreAsync(site, loads, FastRestore, backup, cancellation);
            await loads.AloneAsync(Alone, site.Stage.Plan.LongSeconds, cancellation);
            await CloneAsync(site, loads, FastClone, string.Create(CultureInfo.InvariantCulture, $"bench-fast-{round}"), cancellation);
        }
    }

    private static async Task<FleetLoads> LoadsAsync(FleetSite site, long rows, CancellationToken cancellation)
    {
        var target = (await site.Ground.Fleet.TargetsAsync([Large], cancellation))[0];
        var loads = new FleetLoads(site, RequestsPerSecond, number => (target, BodyOf(number, rows)));
        await loads.WarmUpAsync(cancellation);
        return loads;
    }

    /// <returns>How many rows it has.</returns>
    private static async Task<long> MakeLargeAsync(FleetSite site, CancellationToken cancellation)
    {
        await FleetProvisioning.MakeAsync(site, Large, cancellation);
        await FleetProvisioning.MakeAsync(site, Small, cancellation);
        var target = (await site.Ground.Fleet.TargetsAsync([Large], cancellation))[0];
        var made = await LoadRun.RunAsync(
            new LoadPlan { Address = site.Product.Address, Next = _ => (target, Queries.Body("CREATE TABLE document (id bigint PRIMARY KEY, kind text NOT NULL, body text NOT NULL)")), Clients = 1, Count = 1 },
            cancellation);
        if (made.Errors > 0)
        {
            throw new InvalidOperationException($"The large account's table was not made: {made.FirstError}");
        }

        await site.Ground.ExecuteAsync(Large, "CREATE INDEX document_kind ON public.document (kind, id)", cancellation);
        await using var connection = new NpgsqlConnection(site.Ground.ConnectionTo(Large, "").ConnectionString);
        await connection.OpenAsync(cancellation);
        var rows = 0L;
        while (await SizeAsync(site, cancellation) < site.Stage.Plan.FleetMegabytes)
        {
            await using var command = new NpgsqlCommand(Rows, connection) { Parameters = { new() { Value = rows + 1 } }, CommandTimeout = 300 };
            rows += await command.ExecuteNonQueryAsync(cancellation);
        }

        await site.Ground.ExecuteAsync(Large, "VACUUM (ANALYZE)", cancellation);
        await site.Ground.ExecuteAsync("postgres", "CHECKPOINT", cancellation);
        site.Stage.Add(Backup, Product.ContenderName, Size, "MB", await SizeAsync(site, cancellation));
        return rows;
    }

    /// <summary>So that the code is compiled before anything is measured.</summary>
    private static async Task WarmUpAsync(FleetSite site, CancellationToken cancellation)
    {
        var id = (await site.Admin.RunAsync($"accounts/{Small}/backups", null, Patience, cancellation)).GetProperty("operation_id").GetString();
        await site.Admin.RunAsync($"accounts/{Small}/restores", new { backup_id = id }, Patience, cancellation);
        await BareDumpAsync(site, cancellation);
    }

    /// <returns>The last backup's id.</returns>
    private static async Task<string> BackupsAsync(FleetSite site, CancellationToken cancellation)
    {
        var id = "";
        for (var round = 0; round < Math.Max(2, site.Stage.Plan.Rounds); round++)
        {
            await Quiet.WaitAsync(site.Stage.Patience, cancellation);
            var others = new Disturbance(site.Ground);
            var (bare, megabytes) = await BareDumpAsync(site, cancellation);
            site.Stage.Add(Backup, Product.ContenderName, BareDump, "s", bare);
            site.Stage.Add(Backup, Product.ContenderName, "its size", "MB", megabytes);
            await Quiet.WaitAsync(site.Stage.Patience, cancellation);
            await using var memory = new MemorySampler(site.Product.Processes);
            var (operation, seconds) = await TimedAsync(() => site.Admin.RunAsync($"accounts/{Large}/backups", null, Patience, cancellation));
            site.Stage.Add(Backup, Product.ContenderName, BackupTime, "s", seconds);
            site.Stage.Add(Backup, Product.ContenderName, "the product's backup's size", "MB", operation.GetProperty("result").GetProperty("bytes").GetDouble() / 1e6);
            site.Stage.Add(Backup, Product.ContenderName, Memory, "MiB", await memory.EndAsync() / 1048576.0);
            site.Stage.Add(Backup, Product.ContenderName, FleetScenario.Others, "%", others.Percent);
            id = operation.GetProperty("operation_id").GetString()!;
        }

        return id;
    }

    private static async Task RestoreAsync(FleetSite site, FleetLoads loads, string phase, string backup, CancellationToken cancellation)
    {
        var (operation, seconds) = (default(JsonElement), 0.0);
        await loads.RunAsync(
            phase,
            async () => (operation, seconds) = await TimedAsync(() => site.Admin.RunAsync($"accounts/{Large}/restores", new { backup_id = backup }, Patience, cancellation)),
            TimeSpan.FromSeconds(2),
            cancellation);
        site.Stage.Add(phase, Product.ContenderName, "time", "s", seconds);
        site.Stage.Add(phase, Product.ContenderName, Hold, "ms", operation.GetProperty("result").GetProperty("hold_ms").GetDouble());
    }

    private static async Task CloneAsync(FleetSite site, FleetLoads loads, string phase, string name, CancellationToken cancellation)
    {
        var (operation, seconds) = (default(JsonElement), 0.0);
        await loads.RunAsync(
            phase,
            async () => (operation, seconds) = await TimedAsync(() => site.Admin.RunAsync($"accounts/{Large}/clones", new { account_id = name }, Patience, cancellation)),
            TimeSpan.FromSeconds(1),
            cancellation);
        site.Stage.Add(phase, Product.ContenderName, "time", "s", seconds);
        site.Stage.Add(phase, Product.ContenderName, Method, operation.GetProperty("result").GetProperty("method").GetString()!);
        await site.Admin.SendAsync(HttpMethod.Delete, $"accounts/{name}?confirm={name}&backup=false", null, cancellation);
    }

    /// <returns>The operation, and the seconds from the call to its end.</returns>
    private static async Task<(JsonElement Operation, double Seconds)> TimedAsync(Func<Task<JsonElement>> run)
    {
        var begun = TimeProvider.System.GetUtcNow();
        var operation = await run();
        return (operation, (operation.GetProperty("finished_at").GetDateTimeOffset() - begun).TotalSeconds);
    }

    private static async Task<(double Seconds, double Megabytes)> BareDumpAsync(FleetSite site, CancellationToken cancellation)
    {
        var file = BareFile(site);
        var begun = Stopwatch.GetTimestamp();
        await RunToolAsync(site, "pg_dump", ["-Fc", "-f", file, Large], cancellation);
        return (Stopwatch.GetElapsedTime(begun).TotalSeconds, new FileInfo(file).Length / 1e6);
    }

    /// <summary>What others notice of a restore that nobody holds back: into a database of its own, by PostgreSQL's own program alone.</summary>
    private static async Task BareRestoreAsync(FleetSite site, FleetLoads loads, CancellationToken cancellation)
    {
        const string Database = "bench_bare";
        await site.Ground.ExecuteAsync("postgres", $"CREATE DATABASE {Database}", cancellation);
        var seconds = 0.0;
        await loads.RunAsync(
            BareRestore,
            async () =>
            {
                var begun = Stopwatch.GetTimestamp();
                await RunToolAsync(site, "pg_restore", ["--clean", "--if-exists", "--no-owner", "--no-privileges", "-d", Database, BareFile(site)], cancellation);
                seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            },
            TimeSpan.FromSeconds(2),
            cancellation);
        site.Stage.Add(BareRestore, Product.ContenderName, "time", "s", seconds);
        await site.Ground.ExecuteAsync("postgres", $"DROP DATABASE {Database}", cancellation);
    }

    private static string BareFile(FleetSite site) => Path.Combine(site.Folder, "bare.dump");

    private static Task<string> RunToolAsync(FleetSite site, string tool, string[] arguments, CancellationToken cancellation)
    {
        var program = Path.Combine(site.Ground.Server.BinDirectory, tool);
        return Programs.OutputAsync(
            File.Exists(program) ? program : tool,
            ["-h", site.Ground.Server.Host, "-p", $"{site.Ground.Server.Port}", "-U", "postgres", .. arguments],
            new Dictionary<string, string> { ["PGPASSWORD"] = site.Ground.Server.Password },
            cancellation);
    }

    /// <summary>One write to nine reads.</summary>
    private static string BodyOf(long number, long rows) => number % 10 == 9
        ? Queries.Write(1 + (int)(number / 10 % Grounds.MigrationFolder.Rows))
        : Queries.Body("SELECT id, kind, left(body, 100) AS body FROM document WHERE id = $1", 1 + (number * 7919 % rows));

    /// <returns>Megabytes.</returns>
    private static async Task<double> SizeAsync(FleetSite site, CancellationToken cancellation) =>
        await CountAsync(site, "SELECT pg_database_size(current_database())", cancellation) / 1e6;

    private static async Task<long> CountAsync(FleetSite site, string sql, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(site.Ground.ConnectionTo(Large, "").ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 120 };
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
