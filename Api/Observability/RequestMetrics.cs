using System.Diagnostics.Metrics;
using Kataven.Observability;

namespace Kataven.Api.Observability;

/// <summary>① to ③: what a front door answers, for all accounts together. The labels are strings that are there already.</summary>
internal static class RequestMetrics
{
    private static readonly Meter Meter = new(RequestPath.Name);

    private static readonly Counter<long> Requests = Meter.CreateCounter<long>(
        "kataven.http.requests", "{request}", "Requests by route and outcome: ok, client_gone, or the code of the problem.");

    private static readonly Histogram<double> Durations = Meter.CreateHistogram(
        "kataven.http.request.duration",
        "s",
        "Seconds from a request's head to the end of its answer, by route.",
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
        });

    private static readonly Counter<long> Lookups = Meter.CreateCounter<long>(
        "kataven.registry.lookups", "{lookup}", "Accounts that were looked up: a hit was remembered, an ask went to the registry grain.");

    private static readonly KeyValuePair<string, object?> Hit = new("result", "hit");
    private static readonly KeyValuePair<string, object?> Ask = new("result", "ask");

    public static void Answered(string route, string outcome, TimeSpan took)
    {
        Requests.Add(1, new("route", route), new("outcome", outcome));
        Durations.Record(took.TotalSeconds, new KeyValuePair<string, object?>("route", route));
    }

    public static void RegistryHit() => Lookups.Add(1, Hit);

    public static void RegistryAsked() => Lookups.Add(1, Ask);
}
