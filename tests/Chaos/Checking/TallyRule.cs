using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Checking;

/// <summary>The counter is the number of increments, each got a number of its own, and the client was told that one.</summary>
internal static class TallyRule
{
    private const string Rule = "a counter counts each increment once";

    public static IEnumerable<Violation> Find(History history)
    {
        var told = history.Operations.Where(operation => operation is { Kind: ActionKind.Increment, Outcome: Outcome.Acknowledged, Seen: not null })
            .ToDictionary(operation => operation.Rows[0]);
        foreach (var inspection in history.Inspections)
        {
            var where = $"at {inspection.At.TotalSeconds:0.0} s in {inspection.Database}";
            var increments = inspection.Rows.Where(row => row.Value is not null).OrderBy(row => row.Value).ToList();
            if (increments.Count != inspection.Tally || increments.Where((row, i) => row.Value != i + 1).Any())
            {
                yield return new Violation(Rule, $"the counter is {inspection.Tally}, with {increments.Count} increments that got {Numbers(increments)}, {where}");
            }

            foreach (var row in increments)
            {
                if (told.TryGetValue(row.Id, out var operation) && operation.Seen!.Tally != row.Value)
                {
                    yield return new Violation(Rule, $"{row.Value} is written {where}", operation);
                }
            }
        }

        foreach (var operation in history.Operations.Where(operation => operation.Seen is { Counted: { } counted } seen && counted != seen.Tally))
        {
            yield return new Violation(Rule, $"an answer counts {operation.Seen!.Counted} increments beside the counter", operation);
        }
    }

    private static string Numbers(List<InspectedRow> increments)
    {
        var numbers = increments.Select(row => row.Value!.Value).ToList();
        var doubled = numbers.GroupBy(number => number).Where(group => group.Count() > 1).Select(group => group.Key);
        var missing = Enumerable.Range(1, (int)numbers.DefaultIfEmpty().Max()).Select(number => (long)number).Except(numbers);
        return $"[{string.Join(", ", doubled.Take(5))}] twice and [{string.Join(", ", missing.Take(5))}] never";
    }
}
