using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Checking;

/// <summary>
/// A silo that froze and wakes has no effect: what its caller was told to be unknown while it was frozen is not committed after
/// it woke, once another has served the account. And no write is committed before it was sent.
/// </summary>
internal static class LateEffectRule
{
    private const string Woken = "a silo that wakes has no effect";
    private const string Early = "a write happens between its call and its answer";

    /// <summary>Between PostgreSQL's clock and ours, and for the signal to arrive.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(100);

    public static IEnumerable<Violation> Find(History history)
    {
        var writers = history.Operations.SelectMany(operation => operation.Rows.Select(row => (row, operation)))
            .ToDictionary(pair => pair.row, pair => pair.operation);
        var freezes = history.Disturbances.Where(disturbance => disturbance.Kind == DisturbanceKind.FreezeSilo).ToList();
        // Of a pair the first row tells for both.
        return [.. (from inspection in history.Inspections
                   where inspection.Kind == InspectionKind.Quiet
                   let restored = LastRestore(history, inspection)
                   from row in inspection.Rows
                   where row.Committed is not null && writers.ContainsKey(row.Id)
                   let operation = writers[row.Id]
                   // A restore has written anew whatever is older.
                   where operation.Start > restored
                   let fault = Fault(operation, row.Committed!.Value, freezes, history)
                   where fault is not null
                   select fault).DistinctBy(fault => fault.Operations[0].Number)];
    }

    private static TimeSpan LastRestore(History history, Inspection inspection) => history.Replacements
        .Where(replacement => replacement.Life == inspection.Life && replacement.Happened && replacement.Opening < inspection.At)
        .Select(replacement => replacement.Opening)
        .LastOrDefault(TimeSpan.MinValue);

    private static Violation? Fault(Operation operation, TimeSpan committed, List<Disturbance> freezes, History history)
    {
        if (committed < operation.Start - Slack || (operation.Outcome == Outcome.Acknowledged && committed > operation.End + Slack))
        {
            return new Violation(Early, $"committed at {committed.TotalSeconds:0.000} s", operation);
        }

        return operation is { Outcome: Outcome.Unknown, Code: "outcome_unknown" }
            && freezes.Find(freeze => operation.End > freeze.From && operation.End < freeze.Ended - Slack && committed > freeze.Ended - Slack) is { } woken
            && history.Operations.Any(other => HasNewOwner(operation, other, committed))
            ? new Violation(Woken, $"committed at {committed.TotalSeconds:0.000} s, after {woken}, which woke at {woken.Ended.TotalSeconds:0.000} s", operation)
            : null;
    }

    /// <summary>The front door, which knows that the silo is gone, has had an answer from another one: until then nobody can tell when the write happened.</summary>
    private static bool HasNewOwner(Operation lost, Operation other, TimeSpan committed) =>
        other.Account == lost.Account && other.Front == lost.Front && other.Outcome == Outcome.Acknowledged && other.Start >= lost.End && other.End < committed - Slack;
}
