using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Checking;

/// <summary>What has to be in one account, from look to look: a backup that takes the data's place takes it back to an earlier time.</summary>
internal sealed class Ledger(IEnumerable<Operation> operations)
{
    /// <summary>Acknowledged, and taken back by a restore.</summary>
    private readonly HashSet<long> _takenBack = [];

    /// <summary>Unknown, and found there: from then on as good as acknowledged.</summary>
    private readonly Dictionary<long, TimeSpan> _found = [];

    public IReadOnlyList<Operation> Operations { get; } = [.. operations];

    public Expectation Expect(Operation operation, Inspection inspection)
    {
        if (operation.Outcome == Outcome.Refused)
        {
            return Expectation.NotThere;
        }

        if (_takenBack.Contains(operation.Number))
        {
            // One that is unknown may still be under way, and happen in what has come instead.
            return operation.Outcome == Outcome.Acknowledged ? Expectation.NotThere : Expectation.Either;
        }

        var done = operation.Outcome == Outcome.Acknowledged ? operation.End : _found.GetValueOrDefault(operation.Number, TimeSpan.MaxValue);
        var isCopy = inspection.Kind != InspectionKind.Quiet;
        if (done < (isCopy ? inspection.CopyBegun : inspection.At))
        {
            return Expectation.There;
        }

        // One that is unknown may have been carried out late, in what was restored.
        return operation.Outcome == Outcome.Acknowledged && operation.Start > (isCopy ? inspection.CopyMade : inspection.At)
            ? Expectation.NotThere
            : Expectation.Either;
    }

    /// <summary>Takes what was found for what is.</summary>
    public void Settle(Inspection inspection)
    {
        var there = inspection.Rows.Select(row => row.Id).ToHashSet();
        foreach (var operation in Operations.Where(operation => operation.Start < inspection.At))
        {
            if (operation.Rows.Any(there.Contains))
            {
                _takenBack.Remove(operation.Number);
                if (operation.Outcome == Outcome.Unknown)
                {
                    _found.TryAdd(operation.Number, inspection.At);
                }
            }
            else if (inspection.Kind == InspectionKind.Restored)
            {
                _found.Remove(operation.Number);
                if (operation.End < inspection.At)
                {
                    _takenBack.Add(operation.Number);
                }
            }
        }
    }
}
