using System.Diagnostics.Metrics;
using Kataven.Observability;

namespace Kataven.Grains.Observability;

/// <summary>What became of writes that were sent with a key, for all accounts together. Those that failed are among the refusals.</summary>
internal static class IdempotencyMetrics
{
    private static readonly Meter Meter = new(RequestPath.Name);

    private static readonly Counter<long> Requests = Meter.CreateCounter<long>(
        "kataven.idempotency.requests", "{request}", "Writes with an Idempotency-Key, by outcome: kept, replayed, conflict, full.");

    public static void Kept() => Count("kept");

    public static void Replayed() => Count("replayed");

    public static void Conflicted() => Count("conflict");

    public static void WasFull() => Count("full");

    private static void Count(string outcome) => Requests.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
