using System.Diagnostics.Metrics;
using Kataven.Observability;

namespace Kataven.Grains.Observability;

/// <summary>⑤ What the fast lanes carry, for all accounts together.</summary>
internal static class FastLaneMetrics
{
    private static readonly Meter Meter = new(RequestPath.Name);

    private static readonly Histogram<int> Groups = Meter.CreateHistogram(
        "kataven.fast.group.size",
        "{statement}",
        "Statements that went out in one round trip.",
        advice: new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32] });

    private static readonly Counter<long> Fallbacks = Meter.CreateCounter<long>(
        "kataven.fast.fallbacks", "{statement}", "Statements that the fast lane sent to a lane of their own.");

    public static void Sent(int statements) => Groups.Record(statements);

    public static void FellBack() => Fallbacks.Add(1);
}
