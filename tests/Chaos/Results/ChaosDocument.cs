using System.Text;
using Kataven.Chaos.Histories;
using Kataven.Chaos.Planning;
using Kataven.Chaos.Runs;

namespace Kataven.Chaos.Results;

/// <summary><c>bench/CHAOS.md</c>: the tables of a long run.</summary>
internal static class ChaosDocument
{
    public static string Of(ChaosOptions options, IReadOnlyList<RunReport> reports)
    {
        var text = new StringBuilder();
        text.AppendLine("# Chaos");
        text.AppendLine();
        text.AppendLine("Written by `bench/chaos`. What is done, what is counted and what is checked stands in [docs/INTERNALS.md](../docs/INTERNALS.md#chaos).");
        text.AppendLine();
        text.AppendLine(
            $"{options.Silos} silos, {options.Fronts} front doors and PostgreSQL, each a process, on {Environment.ProcessorCount} cores which the clients share; "
            + $"{options.Accounts + options.Mortals} accounts with {options.Writers} writers and {options.Readers} reader each, {options.Length.TotalMinutes:0.#} minutes a seed.");
        text.AppendLine();
        Row(text, ["seed", "operations", "acknowledged", "refused", "unknown", "looks at connections", "looks into databases", "violations"]);
        Row(text, Enumerable.Repeat("---", 8));
        foreach (var report in reports)
        {
            var history = report.Result.History;
            Row(text,
            [
                $"{report.Result.Seed}", $"{history.Operations.Count}", $"{report.Count(Outcome.Acknowledged)}", $"{report.Count(Outcome.Refused)}",
                $"{report.Count(Outcome.Unknown)}", $"{report.Result.Samples}", $"{history.Inspections.Count}", $"{report.Violations.Count}",
            ]);
        }

        text.AppendLine();
        text.AppendLine("The longest gap is the longest time between two answers of one account, seen by its clients while such a disturbance was being recovered from.");
        text.AppendLine();
        Row(text, ["disturbance", .. reports.Select(report => $"seed {report.Result.Seed}"), "in all", "longest gap"]);
        Row(text, Enumerable.Repeat("---", reports.Count + 3));
        foreach (var kind in FaultPlan.Faults.Concat(FaultPlan.Works))
        {
            Row(text, [Words(kind), .. reports.Select(report => $"{report.Count(kind)}"), $"{reports.Sum(report => report.Count(kind))}", $"{reports.Max(report => report.LongestGap(kind)).TotalSeconds:0.0} s"]);
        }

        if (reports.Any(report => report.Violations.Count > 0))
        {
            text.AppendLine();
            text.AppendLine("```");
            reports.SelectMany(report => report.Violations.Take(10)).ToList().ForEach(violation => text.AppendLine(violation.ToString()));
            text.AppendLine("```");
        }

        return text.ToString();
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells) => text.AppendLine($"| {string.Join(" | ", cells)} |");

    private static string Words(DisturbanceKind kind) => kind switch
    {
        DisturbanceKind.KillSilo => "silo killed (SIGKILL)",
        DisturbanceKind.FreezeSilo => "silo frozen for 3 to 15 s (SIGSTOP, SIGCONT)",
        DisturbanceKind.StopSilo => "silo stopped (SIGTERM) and started",
        DisturbanceKind.KillFront => "front door killed",
        DisturbanceKind.FreezeFront => "front door frozen for 3 to 15 s",
        DisturbanceKind.StopFront => "front door stopped and started",
        DisturbanceKind.RestartPostgresFast => "PostgreSQL restarted, fast",
        DisturbanceKind.RestartPostgresImmediate => "PostgreSQL restarted, immediate",
        DisturbanceKind.CutDatabase => "a silo's connections to PostgreSQL cut",
        DisturbanceKind.CutClients => "clients' connections to a front door cut",
        DisturbanceKind.Suspension => "account suspended and resumed",
        DisturbanceKind.Restore => "account backed up and restored",
        DisturbanceKind.Clone => "account cloned, the clone deleted",
        DisturbanceKind.Rollout => "rollout of a migration",
        _ => "account deleted and created again",
    };
}
