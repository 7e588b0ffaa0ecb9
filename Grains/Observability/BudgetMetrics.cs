using System.Diagnostics.Metrics;
using Kataven.Observability;

namespace Kataven.Grains.Observability;

/// <summary>⑤ How the cluster's connections go from account to account.</summary>
internal static class BudgetMetrics
{
    private static readonly Meter Meter = new(RequestPath.Name);

    private static readonly Counter<long> Evictions = Meter.CreateCounter<long>(
        "kataven.budget.evictions", "{lane}", "Idle connections that were closed because another account needed one.");

    private static readonly Histogram<double> Waits = Meter.CreateHistogram(
        "kataven.budget.wait.duration", "s", "How long the opening of a connection waited for the cluster's budget.", advice: Buckets.Seconds);

    public static void Evicted() => Evictions.Add(1);

    public static void Waited(TimeSpan waited) => Waits.Record(waited.TotalSeconds);
}
