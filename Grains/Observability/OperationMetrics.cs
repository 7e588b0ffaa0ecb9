using System.Diagnostics.Metrics;
using Kataven.Observability;

namespace Kataven.Grains.Observability;

/// <summary>How operations end, and for how long they have accounts' requests wait.</summary>
internal static class OperationMetrics
{
    private static readonly Meter Meter = new(RequestPath.Name);

    private static readonly Counter<long> Ends = Meter.CreateCounter<long>(
        "kataven.operations", null, "Operations that ended, by kind and outcome.");

    private static readonly Histogram<double> Holds = Meter.CreateHistogram(
        "kataven.hold.duration", "s", "How long an operation had an account's requests wait.", advice: Buckets.Seconds);

    public static void Ended(string kind, bool succeeded) => Ends.Add(
        1, new KeyValuePair<string, object?>("kind", kind), new KeyValuePair<string, object?>("outcome", succeeded ? "succeeded" : "failed"));

    public static void Held(TimeSpan time) => Holds.Record(time.TotalSeconds);
}
