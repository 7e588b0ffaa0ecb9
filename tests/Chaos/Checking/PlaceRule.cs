using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Checking;

/// <summary>No row in another account's database, no row that nobody wrote, and no answer from another account.</summary>
internal static class PlaceRule
{
    private const string Rows = "no row is in another account's database";
    private const string Answers = "no answer is another account's";

    public static IEnumerable<Violation> Find(History history) => [.. Misplaced(history), .. Astray(history), .. AfterTheEnd(history)];

    private static IEnumerable<Violation> Misplaced(History history)
    {
        var writers = history.Operations.SelectMany(operation => operation.Rows.Select(row => (row, operation)))
            .ToDictionary(pair => pair.row, pair => pair.operation);
        foreach (var inspection in history.Inspections)
        {
            var where = $"at {inspection.At.TotalSeconds:0.0} s in {inspection.Database}";
            if (inspection.Stamps is not [var stamp] || stamp != inspection.Life)
            {
                yield return new Violation(Rows, $"the stamp is [{string.Join(", ", inspection.Stamps)}], not {inspection.Life}, {where}");
            }

            foreach (var row in inspection.Rows)
            {
                if (!writers.TryGetValue(row.Id, out var writer))
                {
                    yield return new Violation(Rows, $"nobody wrote {row.Id}, found {where}");
                }
                else if (writer.Life != inspection.Life)
                {
                    yield return new Violation(Rows, $"{row.Id} was found {where}, which is {inspection.Life}", writer);
                }
            }
        }
    }

    private static IEnumerable<Violation> Astray(History history) =>
        from operation in history.Operations
        where operation.Seen is { } seen
            && (seen.Account != operation.Account || seen.Life != operation.Life || (seen.Database ?? operation.Account) != operation.Account)
        select new Violation(Answers, $"asked {operation.Life}", operation);

    private static IEnumerable<Violation> AfterTheEnd(History history)
    {
        var ends = history.Lives.Where(life => life.Ended is not null).ToDictionary(life => life.Life, life => life.Ended!.Value);
        return from operation in history.Operations
               where operation.Outcome == Outcome.Acknowledged && ends.TryGetValue(operation.Life, out var ended) && operation.Start > ended
               select new Violation("an account that was deleted is gone", $"it was deleted at {ends[operation.Life].TotalSeconds:0.000} s", operation);
    }
}
