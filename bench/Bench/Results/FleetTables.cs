using System.Globalization;
using System.Text;

namespace Kataven.Bench.Results;

/// <summary>The tables of a load that is not only about requests: what was found, and how requests fared meanwhile.</summary>
internal static class FleetTables
{
    public static void Write(StringBuilder text, IReadOnlyList<ResultEntry> entries)
    {
        text.AppendLine("| | | found | each time |").AppendLine("| --- | --- | ---: | --- |");
        foreach (var (entry, fact) in entries.SelectMany(entry => entry.Facts.Select(fact => (entry, fact))))
        {
            var value = fact.Words ?? $"{Number(fact.Median)} {fact.Unit}".TrimEnd();
            text.AppendLine(CultureInfo.InvariantCulture, $"| {entry.Cell} | {fact.What} | {value} | {(fact.Values.Count > 1 ? string.Join(", ", fact.Values.Select(Number)) : "")} |");
        }

        text.AppendLine().AppendLine("| requests | answered | a second | p50 ms | p99 ms | longest ms | errors | connections | memory MiB | others |");
        text.AppendLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var entry in entries.Where(entry => entry.Rounds.Count > 0))
        {
            var own = new Summary(entry);
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {entry.Cell} | {entry.Rounds.Sum(round => round.Figures.Requests):N0} | {own.Rate:N0} | {own.P50:0.00} | {own.P99:0.00} | {own.Slowest:N0} | {own.Errors:N0} | {own.Connections} | {own.MemoryMiB:0} | {own.Others:0 %} |");
        }
    }

    private static string Number(double value) => value.ToString(value >= 100 ? "N0" : "0.##", CultureInfo.InvariantCulture);
}
