using System.Globalization;
using System.Text;
using Kataven.Bench.Contenders;
using Kataven.Bench.Measuring;
using Kataven.Bench.Scenarios;

namespace Kataven.Bench.Results;

/// <summary>Writes <c>bench/RESULTS.md</c>.</summary>
internal static class ResultsDocument
{
    private static readonly string File = Path.Combine("bench", "RESULTS.md");

    public static Task WriteAsync(ResultBook book, Version postgres, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        Head(text, book, postgres);
        AimsTable(text, book);
        foreach (var scenario in AllScenarios.List)
        {
            Load(text, scenario, [.. book.Entries.Where(entry => entry.Load == scenario.Name)]);
        }

        return System.IO.File.WriteAllTextAsync(File, text.ToString(), cancellation);
    }

    private static void Head(StringBuilder text, ResultBook book, Version postgres)
    {
        var quick = book.Entries.Count(entry => entry.Quick);
        var mode = quick == 0 ? "A whole run" : quick == book.Entries.Count ? "A quick run (`--quick`: turns of 2 s, 1 and 64 clients, 200 accounts)" : "A run of which the loads marked so were quick";
        text.AppendLine("# Results").AppendLine().AppendLine("Written by `bench/run`.").AppendLine();
        text.Append(mode).Append(CultureInfo.InvariantCulture, $", {book.Entries.Min(entry => entry.At):yyyy-MM-dd HH:mm} to {book.Entries.Max(entry => entry.At):HH:mm} UTC, on ")
            .Append(Machine.Words(postgres)).Append('.');
        var others = book.Entries.SelectMany(entry => entry.Rounds).Select(round => round.Others).Order().ToList();
        if (others[others.Count / 2] > Measurement.Disturbing)
        {
            text.Append(CultureInfo.InvariantCulture, $" **Other programs used {others[others.Count / 2]:0 %} of the machine (median of all turns): rates and latencies say little here, CPU a request says more.**");
        }

        text.AppendLine().AppendLine();
        text.AppendLine(System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Results", "method.md")));
    }

    private static void AimsTable(StringBuilder text, ResultBook book)
    {
        text.AppendLine("## Aims").AppendLine().AppendLine("| load | aim | found | |").AppendLine("| --- | --- | --- | --- |");
        foreach (var aim in Aims.List)
        {
            var found = aim.Found(book);
            text.AppendLine(CultureInfo.InvariantCulture, $"| {aim.What} | {aim.Wanted} | {found?.Value ?? "not measured"} | {found?.Met switch { true => "met", false => "**missed**", _ => "" }} |");
        }

        text.AppendLine();
    }

    private static void Load(StringBuilder text, Scenario scenario, List<ResultEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"## {scenario.Name}").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{scenario.Words} {entries.Max(entry => entry.At):yyyy-MM-dd HH:mm} UTC{(entries[0].Quick ? ", quick" : "")}.").AppendLine();
        if (entries.Exists(entry => entry.Facts.Count > 0))
        {
            FleetTables.Write(text, entries);
        }
        else
        {
            Rows(text, entries);
        }

        text.AppendLine();
        foreach (var entry in entries)
        {
            if (entry.Rounds.Select(round => round.Figures.FirstError).FirstOrDefault(error => error is not null) is { } error)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"{entry.Contender}, {entry.Cell}: `{error.ReplaceLineEndings(" ")}`").AppendLine();
            }
        }
    }

    private static void Rows(StringBuilder text, List<ResultEntry> entries)
    {
        text.AppendLine("| | | requests/s | ± | p50 ms | p99 ms | CPU µs: service | PostgreSQL | both | connections | memory MiB | errors | others |");
        text.AppendLine("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var cell in entries.GroupBy(entry => entry.Cell))
        {
            var product = cell.FirstOrDefault(entry => entry.Contender == Product.ContenderName) is { } entry ? new Summary(entry) : null;
            foreach (var row in cell)
            {
                Row(text, row, new Summary(row), product);
            }
        }
    }

    private static void Row(StringBuilder text, ResultEntry entry, Summary own, Summary? product)
    {
        string Figure(Func<Summary, double> figure, string format) => (figure(own), product is null ? 0 : figure(product)) switch
        {
            (0, _) => "–",
            (var value, 0) => value.ToString(format, CultureInfo.InvariantCulture),
            var (value, of) => string.Create(CultureInfo.InvariantCulture, $"{value.ToString(format, CultureInfo.InvariantCulture)} ({value / of:0.00})"),
        };
        string[] cells =
        [
            entry.Cell, entry.Contender, Figure(s => s.Rate, "N0"), own.Spread.ToString("0 %", CultureInfo.InvariantCulture),
            Figure(s => s.P50, "0.00"), Figure(s => s.P99, "0.00"), Figure(s => s.ServiceCpu, "N0"), Figure(s => s.PostgresCpu, "N0"), Figure(s => s.Cpu, "N0"),
            Figure(s => s.Connections, "0"), Figure(s => s.MemoryMiB, "0"), own.Errors.ToString("N0", CultureInfo.InvariantCulture), own.Others.ToString("0 %", CultureInfo.InvariantCulture),
        ];
        text.Append("| ").AppendJoin(" | ", cells).AppendLine(" |");
    }
}
