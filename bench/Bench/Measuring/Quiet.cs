using System.Diagnostics;

namespace Kataven.Bench.Measuring;

/// <summary>Waits until other programs leave the machine alone.</summary>
internal static class Quiet
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Returns as soon as nobody uses more than a turn may be disturbed by, or the patience is at its end.</summary>
    public static async Task WaitAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var begun = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begun) < patience && await BusyAsync(cancellation) > Measurement.Disturbing)
        {
        }
    }

    /// <summary>The part of the machine that is used, while nothing of the benchmark does anything.</summary>
    private static async Task<double> BusyAsync(CancellationToken cancellation)
    {
        var (before, begun) = (ProcessTree.MachineSeconds(), Stopwatch.GetTimestamp());
        await Task.Delay(Look, cancellation);
        return (ProcessTree.MachineSeconds() - before) / (Stopwatch.GetElapsedTime(begun).TotalSeconds * Environment.ProcessorCount);
    }
}
