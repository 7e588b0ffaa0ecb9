using System.Diagnostics.Metrics;
using Kataven.Observability;

namespace Kataven.Grains.Observability;

/// <summary>Databases that were not their accounts'. Which accounts' they are stands in the log and in the audit.</summary>
internal static class IsolationMetrics
{
    private static readonly Meter Meter = new(RequestPath.Name);

    private static readonly Counter<long> Violations = Meter.CreateCounter<long>(
        "kataven.isolation.violations", "{violation}", "How often the database behind an account was not the account's, and was not served.");

    /// <summary>It is there from the start, so that the first one is a rise.</summary>
    public static void Begin() => Violations.Add(0);

    public static void Violated() => Violations.Add(1);
}
