using System.Diagnostics.Metrics;
using Kataven.Observability;

namespace Kataven.Grains.Observability;

/// <summary>⑤ What happens to lanes, for all accounts together.</summary>
internal static class LaneMetrics
{
    private static readonly Meter Meter = new(RequestPath.Name);

    private static readonly Histogram<double> Waits = Meter.CreateHistogram(
        "kataven.lane.wait.duration", "s", "How long a request waited for a lane: nothing where an idle one was lent.", advice: Buckets.Seconds);

    private static readonly Histogram<double> Openings = Meter.CreateHistogram(
        "kataven.lane.open.duration", "s", "How long it took to open a lane, or to fail at it.", advice: Buckets.Seconds);

    public static void Rented(TimeSpan waited) => Waits.Record(waited.TotalSeconds);

    public static void Opened(TimeSpan took) => Openings.Record(took.TotalSeconds, new KeyValuePair<string, object?>("result", "opened"));

    public static void NotOpened(TimeSpan took) => Openings.Record(took.TotalSeconds, new KeyValuePair<string, object?>("result", "failed"));
}
