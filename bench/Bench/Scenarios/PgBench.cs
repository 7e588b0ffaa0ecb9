using System.Globalization;
using System.Text.RegularExpressions;
using Kataven.Bench.Grounds;
using Kataven.Load;

namespace Kataven.Bench.Scenarios;

/// <summary>The limit: the same read, prepared, on connections that are open, with no HTTP and no service at all.</summary>
internal static partial class PgBench
{
    public const string ContenderName = "pgbench";

    private const int Connections = 16;

    private static readonly string Script = string.Create(CultureInfo.InvariantCulture, $"\\set id random(1, {Fleet.Rows})\nSELECT id, name FROM item WHERE id = :id;\n");

    public static Turn TurnOf(Ground ground, string cell, CancellationToken cancellation) =>
        new(cell, ContenderName, [], time => RunAsync(ground, time.Seconds, cancellation));

    private static async Task<LoadFigures> RunAsync(Ground ground, int seconds, CancellationToken cancellation)
    {
        var script = Path.Combine("artifacts", "bench", "requests", "pgbench.sql");
        await File.WriteAllTextAsync(script, Script, cancellation);
        string[] arguments =
        [
            "-n", "-M", "prepared", "-c", $"{Connections}", "-j", "1", "-T", $"{seconds}", "-f", script,
            "-h", ground.Server.Host, "-p", $"{ground.Server.Port}", "-U", "postgres", Fleet.NameOf(0),
        ];
        var environment = new Dictionary<string, string> { ["PGPASSWORD"] = ground.Server.Password, ["PGAPPNAME"] = "bench-" + ContenderName };
        var program = Path.Combine(ground.Server.BinDirectory, "pgbench");
        var output = await Programs.OutputAsync(File.Exists(program) ? program : "pgbench", arguments, environment, cancellation);
        var rate = double.Parse(Rate().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
        // It tells no quantiles, but where it writes a line for each read, which costs it a part of its rate.
        return new LoadFigures((long)(rate * seconds), 0, seconds, 0, 0, 0);
    }

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Rate();
}
