using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Checking;

/// <summary>
/// Every acknowledged write is there exactly once, nothing that was refused is there, what is unknown is there at most once,
/// and of a transaction all is there or nothing.
/// </summary>
internal static class EffectRule
{
    private const string Once = "an acknowledged write is there exactly once";
    private const string Never = "a refused write is not there";
    private const string AtMostOnce = "a write is there at most once";
    private const string Whole = "of a transaction all is there or nothing";
    private const string Told = "an answer tells what was written";

    public static IEnumerable<Violation> Find(History history)
    {
        var operations = history.Operations.Where(operation => operation.Rows.Count > 0).ToLookup(operation => operation.Life);
        foreach (var life in history.Inspections.GroupBy(inspection => inspection.Life))
        {
            var ledger = new Ledger(operations[life.Key]);
            foreach (var inspection in life.OrderBy(inspection => inspection.At))
            {
                foreach (var violation in Compare(ledger, inspection))
                {
                    yield return violation;
                }

                if (inspection.Kind != InspectionKind.Cloned)
                {
                    ledger.Settle(inspection);
                }
            }
        }
    }

    private static IEnumerable<Violation> Compare(Ledger ledger, Inspection inspection)
    {
        var rows = inspection.Rows.ToLookup(row => row.Id);
        var where = $"at {inspection.At.TotalSeconds:0.0} s in {inspection.Database} ({inspection.Kind})";
        foreach (var operation in ledger.Operations)
        {
            var counts = operation.Rows.Select(id => rows[id].Count()).ToList();
            if (counts.Any(count => count > 1))
            {
                yield return new Violation(AtMostOnce, $"{counts.Max()} times {where}", operation);
            }

            if (counts.Distinct().Count() > 1)
            {
                yield return new Violation(Whole, $"rows are there {string.Join(" and ", counts)} times {where}", operation);
            }

            var expected = ledger.Expect(operation, inspection);
            if (expected == Expectation.There && counts.Contains(0))
            {
                yield return new Violation(Once, $"missing {where}", operation);
            }

            if (expected == Expectation.NotThere && counts.Any(count => count > 0))
            {
                yield return new Violation(operation.Outcome == Outcome.Refused ? Never : Once, $"there although it cannot be, {where}", operation);
            }

            if (operation is { Outcome: Outcome.Acknowledged, Mark: { } mark } && rows[operation.Rows[0]].Any(row => row.Mark != mark))
            {
                yield return new Violation(Told, $"the answer said {mark}, not {rows[operation.Rows[0]].First().Mark}, {where}", operation);
            }
        }
    }
}
