using System.Diagnostics.Metrics;
using Kataven.Grains.Transactions;
using Kataven.Observability;

namespace Kataven.Grains.Observability;

/// <summary>④ Interactive transactions, for all accounts together.</summary>
internal static class TransactionMetrics
{
    private static readonly Meter Meter = new(RequestPath.Name);

    private static readonly UpDownCounter<long> Open = Meter.CreateUpDownCounter<long>(
        "kataven.transactions.open", "{transaction}", "Interactive transactions that are open.");

    private static readonly Counter<long> Ends = Meter.CreateCounter<long>(
        "kataven.transactions.ended", "{transaction}", "Interactive transactions that have ended, by how.");

    private static readonly Histogram<double> Durations = Meter.CreateHistogram(
        "kataven.transactions.duration", "s", "How long interactive transactions were open.", advice: Buckets.Seconds);

    public static void Opened() => Open.Add(1);

    public static void Ended(TransactionEnd end, TimeSpan open)
    {
        Open.Add(-1);
        Ends.Add(1, new KeyValuePair<string, object?>("end", TextOf(end)));
        Durations.Record(open.TotalSeconds);
    }

    private static string TextOf(TransactionEnd end) => end switch
    {
        TransactionEnd.Committed => "committed",
        TransactionEnd.RolledBack => "rolled_back",
        TransactionEnd.CommitFailed => "commit_failed",
        TransactionEnd.CommitUnknown => "commit_unknown",
        TransactionEnd.CallerGone => "caller_gone",
        TransactionEnd.LeaseOver => "lease_over",
        TransactionEnd.DurationOver => "duration_over",
        TransactionEnd.LimitLowered => "limit_lowered",
        TransactionEnd.AccountStopped => "account_stopped",
        TransactionEnd.AccountHeld => "account_held",
        TransactionEnd.AccountMoved => "account_moved",
        _ => "connection_lost",
    };
}
