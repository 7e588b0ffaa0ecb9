using System.Diagnostics.Metrics;
using Kataven.Errors;
using Kataven.Observability;

namespace Kataven.Grains.Observability;

/// <summary>④ and ⑥: what tenant grains answer, for all accounts together.</summary>
internal static class TenantMetrics
{
    private static readonly Meter Meter = new(RequestPath.Name);

    private static readonly Counter<long> Refusals = Meter.CreateCounter<long>(
        "kataven.tenant.refusals", "{refusal}", "Requests that a tenant grain refused, or that failed, by code.");

    private static readonly Counter<long> ResultBytes = Meter.CreateCounter<long>(
        "kataven.result.size", "By", "Bytes of results, streams included.");

    private static readonly UpDownCounter<long> Streams = Meter.CreateUpDownCounter<long>(
        "kataven.streams.open", "{stream}", "Streams that are under way.");

    public static void Refused(ErrorCode code) =>
        Refusals.Add(1, new KeyValuePair<string, object?>("code", ErrorCatalogue.Of(code).Code));

    public static void Wrote(int bytes) => ResultBytes.Add(bytes);

    public static void StreamOpened() => Streams.Add(1);

    public static void StreamEnded() => Streams.Add(-1);
}
