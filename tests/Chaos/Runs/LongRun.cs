using Kataven.Chaos.Checking;
using Kataven.Chaos.Results;

namespace Kataven.Chaos.Runs;

/// <summary>One seed after the other: progress, histories as files, and what was found.</summary>
internal static class LongRun
{
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(30);

    /// <param name="options">What to do.</param>
    /// <param name="folder">Gets a history and the processes' output for each seed.</param>
    /// <param name="document">Gets the tables; null for none.</param>
    /// <returns>The number of violations.</returns>
    public static async Task<int> RunAsync(ChaosOptions options, string folder, string? document)
    {
        Directory.CreateDirectory(folder);
        var reports = new List<RunReport>();
        for (var i = 0; i < options.Seeds; i++)
        {
            reports.Add(await RunAsync(options with { Seed = options.Seed + (ulong)i }, folder));
            if (document is not null)
            {
                // After each: what was found is there whatever becomes of the next.
                await File.WriteAllTextAsync(document, ChaosDocument.Of(options, reports));
            }
        }

        return reports.Sum(report => report.Violations.Count);
    }

    private static async Task<RunReport> RunAsync(ChaosOptions options, string folder)
    {
        var run = new ChaosRun(options);
        var running = run.RunAsync(CancellationToken.None);
        var (told, toldIncidents) = (TimeSpan.Zero, 0);
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(1)));
            foreach (var incident in run.Recorder.Incidents.Skip(toldIncidents))
            {
                toldIncidents++;
                Console.WriteLine($"seed {options.Seed}, {incident.At.TotalSeconds,5:0} s: {incident.What}");
            }

            if (run.Recorder.Clock.Now - told >= TellEvery)
            {
                told = run.Recorder.Clock.Now;
                Console.WriteLine($"seed {options.Seed}, {told.TotalSeconds,5:0} s: {run.Recorder.Operations} operations, {run.Recorder.Disturbances} disturbances, {toldIncidents} incidents");
            }
        }

        var result = await running;
        await HistoryFile.WriteAsync(Path.Combine(folder, $"history-{options.Seed}.jsonl"), result.History);
        await File.WriteAllTextAsync(Path.Combine(folder, $"output-{options.Seed}.log"), result.Output);
        var report = new RunReport(result, Checker.Check(result.History));
        Console.WriteLine(report);
        return report;
    }
}
