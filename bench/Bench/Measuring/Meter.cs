using Kataven.Bench.Grounds;
using Kataven.Load;

namespace Kataven.Bench.Measuring;

/// <summary>Measures what a load costs while it runs.</summary>
internal static class Meter
{
    /// <summary>How often connections are counted where their number is not what the load is about.</summary>
    public static readonly TimeSpan SeldomSamples = TimeSpan.FromMilliseconds(250);

    public static async Task<Measurement> MeasureAsync(
        Ground ground, string contender, IReadOnlyList<int> processes, TimeSpan sampling, Func<Task<LoadFigures>> load, CancellationToken cancellation)
    {
        await using var sampler = await ConnectionSampler.StartAsync(ground.Server.ConnectionString, contender, sampling, cancellation);
        var before = Clocks.Read(ground, processes);
        var figures = await load();
        var spent = Clocks.Read(ground, processes) - before;
        var (connections, lanes) = await sampler.EndAsync();
        var others = Math.Max(0, spent.Machine - spent.Own) / (figures.Seconds * Environment.ProcessorCount);
        return new Measurement(figures, spent.Service, spent.Postgres, connections, lanes, ProcessTree.ResidentBytes(processes), others);
    }
}
