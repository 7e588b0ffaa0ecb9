using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Checking;

/// <summary>A migration is applied once or not at all, in its order, and what is written down of it is so.</summary>
internal static class MigrationRule
{
    private const string Rule = "a migration is applied once, and noted";

    public static IEnumerable<Violation> Find(History history) =>
        from inspection in history.Inspections
        where !inspection.Notes.SequenceEqual(Enumerable.Range(1, inspection.Notes.Count)) || !inspection.Applied.SequenceEqual(inspection.Notes)
        select new Violation(
            Rule,
            $"{inspection.Database} has [{string.Join(", ", inspection.Notes)}], and is said to have [{string.Join(", ", inspection.Applied)}], at {inspection.At.TotalSeconds:0.0} s");
}
