using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Checking;

/// <summary>
/// Answers never go back in time: whoever asks after another was answered sees at least what that saw. A restore begins a time
/// of its own, between the one that it ends and the next.
/// </summary>
internal static class OrderRule
{
    private const string Rule = "answers never go back in time";

    public static IEnumerable<Violation> Find(History history)
    {
        var replacements = history.Replacements.ToLookup(replacement => replacement.Life);
        foreach (var life in history.Operations.Where(operation => operation.Seen is not null).GroupBy(operation => operation.Life))
        {
            foreach (var violation in Find([.. life], [.. replacements[life.Key]]))
            {
                yield return violation;
            }
        }
    }

    private static IEnumerable<Violation> Find(List<Operation> operations, IReadOnlyList<Replacement> replacements)
    {
        var ended = operations.OrderBy(operation => operation.End).ToList();
        var (next, floor, floorOf) = (0, Moment.Beginning, default(Operation));
        foreach (var operation in operations.OrderBy(operation => operation.Start))
        {
            for (; next < ended.Count && ended[next].End < operation.Start; next++)
            {
                var least = Moment.Least(ended[next], replacements);
                (floor, floorOf) = least > floor ? (least, ended[next]) : (floor, floorOf);
            }

            var most = Moment.Most(operation, replacements);
            if (floorOf is not null && (most < floor || (most == floor && operation.Kind == ActionKind.Increment && floorOf.Kind == ActionKind.Increment)))
            {
                yield return new Violation(Rule, $"{most} was seen after {floor}", floorOf, operation);
            }
        }
    }
}
