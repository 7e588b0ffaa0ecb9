using System.Diagnostics;
using Kataven.Fuzz.Cases;

namespace Kataven.Fuzz.Runs;

/// <summary>A long run against a service of its own: progress, and a report at the end.</summary>
internal static class LongRun
{
    /// <summary>Until then code is compiled, pools are filled and caches grow: what is measured before says nothing.</summary>
    private const long WarmUp = 20_000;

    /// <summary>By how much the service's resident memory may differ between the end of the warm-up and the end of the run.</summary>
    private const long MemoryMayGrowBy = 150L * 1024 * 1024;

    /// <returns>The number of faults.</returns>
    public static async Task<int> RunAsync(FuzzOptions options, string program, string log)
    {
        await using var service = await OwnService.StartAsync(program, log);
        using var http = new HttpClient { BaseAddress = service.Target.Address };
        var actors = await Stage.SetAsync(http);
        var run = new FuzzRun(service.Target, actors);
        var begun = Stopwatch.GetTimestamp();
        var running = run.RunAsync(options.Seed, options.Cases, options.Parallel, options.Within);
        var warm = await WatchAsync(run, service.Target, running, begun);
        await running;
        var took = Stopwatch.GetElapsedTime(begun);
        var faults = new List<string>(await new Aftermath(service.Target, actors, http).FaultsAsync());
        var resident = service.Target.ResidentBytes();
        if (warm > 0 && resident > warm + MemoryMayGrowBy)
        {
            faults.Add($"Resident memory has grown from {Mebi(warm)} to {Mebi(resident)} MiB.");
        }

        Report(run, faults, took, warm, resident);
        return run.Findings.Count + faults.Count;
    }

    private static async Task<long> WatchAsync(FuzzRun run, FuzzTarget target, Task running, long begun)
    {
        var (warm, told) = (0L, 0);
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(1)));
            warm = warm == 0 && run.Done >= WarmUp ? target.ResidentBytes() : warm;
            var seconds = (int)Stopwatch.GetElapsedTime(begun).TotalSeconds;
            if (seconds >= told + 15)
            {
                told = seconds;
                Console.WriteLine($"{seconds,5} s {run.Done,9} cases {run.Findings.Count,3} findings {Mebi(target.ResidentBytes()),6} MiB resident");
            }
        }

        return warm;
    }

    private static void Report(FuzzRun run, List<string> faults, TimeSpan took, long warm, long resident)
    {
        foreach (var (answer, count) in run.Answers)
        {
            Console.WriteLine($"{count,9} {answer}");
        }

        foreach (var finding in run.Findings)
        {
            Console.WriteLine(finding);
        }

        faults.ForEach(Console.WriteLine);
        Console.WriteLine(string.Join(", ", run.Kinds.Select(kind => $"{kind.Count} {kind.Kind.ToString().ToLowerInvariant()}")));
        Console.WriteLine(
            $"{run.Done} cases in {took.TotalSeconds:0} s ({run.Done / took.TotalSeconds:0}/s), {run.Findings.Count} findings, {faults.Count} faults afterwards, " +
            $"resident memory {(warm > 0 ? $"{Mebi(warm)} MiB after {WarmUp} cases, " : "")}{Mebi(resident)} MiB at the end");
    }

    private static long Mebi(long bytes) => bytes / 1024 / 1024;
}
