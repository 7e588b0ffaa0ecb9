using System.Globalization;
using System.Text.Json;
using Kataven.Load;

namespace Kataven.Bench.Wrk;

/// <summary>wrk: as many clients as wanted, each of which sends when its last request is answered.</summary>
internal static class WrkRun
{
    private const string Script = "requests.lua";

    /// <param name="address">The service.</param>
    /// <param name="list">A file that <see cref="RequestList.WriteAsync"/> wrote.</param>
    /// <param name="clients">Connections, each with one request at a time.</param>
    /// <param name="seconds">Whole seconds, which is what wrk counts in.</param>
    /// <param name="cancellation">Ends wrk.</param>
    public static async Task<LoadFigures> RunAsync(Uri address, string list, int clients, int seconds, CancellationToken cancellation)
    {
        string[] arguments =
        [
            "-t1", string.Create(CultureInfo.InvariantCulture, $"-c{clients}"), string.Create(CultureInfo.InvariantCulture, $"-d{seconds}s"),
            "--timeout", "15s", "-s", Path.Combine(AppContext.BaseDirectory, "Wrk", Script), address.ToString(),
        ];
        var output = await Programs.OutputAsync("wrk", arguments, new() { ["KATAVEN_BENCH_REQUESTS"] = list }, cancellation);
        var line = output.Split('\n').LastOrDefault(line => line.StartsWith('{')) ?? throw new InvalidOperationException($"wrk said nothing that could be read:\n{output}");
        var figures = JsonDocument.Parse(line).RootElement;
        var status = figures.GetProperty("status").GetInt64();
        var sockets = figures.GetProperty("sockets").GetInt64();
        return new LoadFigures(
            figures.GetProperty("requests").GetInt64() - status,
            status + sockets,
            figures.GetProperty("seconds").GetDouble(),
            figures.GetProperty("p50").GetDouble(),
            figures.GetProperty("p99").GetDouble(),
            figures.GetProperty("slowest").GetDouble(),
            status + sockets == 0 ? null : $"{status} answers that are not 200, {sockets} connections that failed or timed out");
    }
}
