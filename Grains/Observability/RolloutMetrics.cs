using System.Diagnostics.Metrics;
using Kataven.Observability;

namespace Kataven.Grains.Observability;

/// <summary>How a rollout over all accounts goes.</summary>
internal static class RolloutMetrics
{
    private static readonly Meter Meter = new(RequestPath.Name);

    private static readonly Counter<long> Accounts = Meter.CreateCounter<long>(
        "kataven.rollout.accounts", "{account}", "Accounts that a rollout was done with, by how they ended.");

    private static readonly Gauge<int> Left = Meter.CreateGauge<int>(
        "kataven.rollout.pending", "{account}", "Accounts that the rollout which runs here has still to do.");

    public static void Ended(bool hasSucceeded) =>
        Accounts.Add(1, new KeyValuePair<string, object?>("outcome", hasSucceeded ? "succeeded" : "failed"));

    public static void Pending(int accounts) => Left.Record(accounts);
}
