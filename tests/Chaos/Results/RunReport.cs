using System.Text;
using Kataven.Chaos.Checking;
using Kataven.Chaos.Histories;
using Kataven.Chaos.Planning;
using Kataven.Chaos.Runs;

namespace Kataven.Chaos.Results;

/// <summary>A run as people read it.</summary>
internal sealed class RunReport(RunResult result, IReadOnlyList<Violation> violations)
{
    private readonly IReadOnlyList<Gap> _gaps = Gap.Of(result.History);

    public IReadOnlyList<Violation> Violations => violations;

    public RunResult Result => result;

    public int Count(Outcome outcome) => result.History.Operations.Count(operation => operation.Outcome == outcome);

    public int Count(DisturbanceKind kind) => result.History.Disturbances.Count(disturbance => disturbance.Kind == kind);

    /// <summary>The longest time that a client of any account waited for an answer while such a fault was being recovered from.</summary>
    public TimeSpan LongestGap(DisturbanceKind kind) => result.History.Disturbances.Where(disturbance => disturbance.Kind == kind)
        .SelectMany(disturbance => _gaps.Where(gap => gap.Overlaps(disturbance)).Select(gap => gap.Length)).DefaultIfEmpty().Max();

    public override string ToString()
    {
        var history = result.History;
        var text = new StringBuilder();
        text.AppendLine($"seed {result.Seed}: {history.Operations.Count} operations in {result.Took.TotalSeconds:0} s: {Count(Outcome.Acknowledged)} acknowledged, {Count(Outcome.Refused)} refused, {Count(Outcome.Unknown)} unknown");
        foreach (var kind in history.Operations.GroupBy(operation => operation.Kind).OrderBy(group => group.Key))
        {
            text.AppendLine($"  {kind.Key,-20} {kind.Count(),7}: {string.Join(", ", kind.GroupBy(operation => operation.Code).OrderByDescending(group => group.Count()).Select(group => $"{group.Count()} {group.Key}"))}");
        }

        foreach (var kind in FaultPlan.Faults.Concat(FaultPlan.Works).Where(kind => Count(kind) > 0))
        {
            text.AppendLine($"  {kind,-24} {Count(kind),4} times, longest gap {LongestGap(kind).TotalSeconds:0.0} s");
        }

        foreach (var account in _gaps.GroupBy(gap => gap.Account).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var longest = account.MaxBy(gap => gap.Length)!;
            text.AppendLine($"  {account.Key,-12} longest gap {longest.Length.TotalSeconds:0.0} s, from {longest.From.TotalSeconds:0.0} s");
        }

        text.AppendLine($"  {result.Samples} looks at connections: at most {result.MostLanesOfOne} of one account, {result.MostLanes} of all");
        text.AppendLine($"  {history.Inspections.Count} looks into databases, {history.Replacements.Count(replacement => replacement.Happened)} restores in place");
        text.AppendLine($"  {violations.Count} violations");
        foreach (var violation in violations.Take(20))
        {
            text.AppendLine(violation.ToString());
        }

        return text.ToString();
    }
}
