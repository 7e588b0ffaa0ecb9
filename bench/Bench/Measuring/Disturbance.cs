using System.Diagnostics;
using Kataven.Bench.Grounds;

namespace Kataven.Bench.Measuring;

/// <summary>How much of the machine others used from now on.</summary>
internal sealed class Disturbance(Ground ground)
{
    private readonly Clocks _begun = Clocks.Read(ground, []);
    private readonly long _at = Stopwatch.GetTimestamp();

    public double Percent
    {
        get
        {
            var spent = Clocks.Read(ground, []) - _begun;
            return 100 * Math.Max(0, spent.Machine - spent.Own) / (Stopwatch.GetElapsedTime(_at).TotalSeconds * Environment.ProcessorCount);
        }
    }
}
