using System.Globalization;
using Kataven.Bench.Contenders;
using Kataven.Bench.Scenarios;

namespace Kataven.Bench.Results;

/// <summary>All aims, in the order in which they are told.</summary>
internal static class Aims
{
    private const string One = "1 client";
    private const string Sixteen = "16 clients";
    private const string Many = "64 clients";
    private const string Product = Contenders.Product.ContenderName;

    private static readonly string[] Rivals = [Baseline.ContenderName, Multiplexed.ContenderName, BehindPgBouncer.ContenderName, GoTwin.ContenderName];

    public static IReadOnlyList<Aim> List { get; } =
    [
        .. Points("CPU a request, service and PostgreSQL together, 64 clients", "≤ 0.5 × the best rival's", (book, load) => AgainstBest(book, load, summary => summary.Cpu, false, 0.5)),
        .. Points("Requests a second, 64 clients", "≥ 1.5 × the best rival's", (book, load) => AgainstBest(book, load, summary => summary.Rate, true, 1.5)),
        .. Points("p99, 64 clients", "below the best rival's", (book, load) => AgainstBest(book, load, summary => summary.P99, false, 1)),
        new("Requests a second, 64 clients, 1 account", "≥ 60 % of pgbench's", book =>
            Ratio(Of(book, AllScenarios.PointsOfOne, Many, Product)?.Rate, Of(book, AllScenarios.PointsOfOne, Many, PgBench.ContenderName)?.Rate, true, 0.6)),
        .. Points("Requests a second, 1 client", "≥ the baseline's", (book, load) => Against(book, load, One, Baseline.ContenderName, 1)),
        .. Points("Requests a second, 1 client", "≥ 0.8 × the Go service's", (book, load) => Against(book, load, One, GoTwin.ContenderName, 0.8)),
        .. Points("PostgreSQL's CPU a request, 64 clients", "≤ 10 µs", (book, load) => AtMost(Of(book, load, Many, Product)?.PostgresCpu, 10, "µs")),
        new("Writes (one in ten), 64 clients", "≥ the baseline's rate", book => Against(book, AllScenarios.Writes, Many, Baseline.ContenderName, 1)),
        new("1,000 rows, 16 clients", "≥ the baseline's rate", book => Against(book, AllScenarios.Rows, Sixteen, Baseline.ContenderName, 1)),
        new("10 MB streams, 4 clients", "≥ the baseline's rate", book => Against(book, AllScenarios.Stream, "4 clients", Baseline.ContenderName, 1)),
        new("Accounts in turn, 100 connections, 64 clients", "no error", book => AtMost(InTurn(book)?.Errors, 0, "errors")),
        new("Accounts in turn: connections to accounts' databases", "≤ the budget, 87, at every sample", book => AtMost(InTurn(book)?.Lanes, 87, "connections")),
        new("Cold account, first answer, median", "≤ 30 ms", book => AtMost(Cold(book)?.P50, 30, "ms")),
        new("Cold account, first answer, p99", "≤ 100 ms", book => AtMost(Cold(book)?.P99, 100, "ms")),
        new("Reader beside a sleeper, p99", "≤ 1.2 × alone", book => Ratio(
            Of(book, "sleeper", SleeperScenario.Beside, Product)?.P99, Of(book, "sleeper", SleeperScenario.Alone, Product)?.P99, false, 1.2)),
        new("10,050 registered accounts against 50, requests a second", "≥ 0.95 ×", book => Ratio(Registered(book, true)?.Rate, Registered(book, false)?.Rate, true, 0.95)),
        new("10,050 registered accounts against 50, CPU a request", "≤ 1.05 ×", book => Ratio(Registered(book, true)?.Cpu, Registered(book, false)?.Cpu, false, 1.05)),
        new("10,050 registered accounts against 50, memory", "≤ 1.05 ×", book => Ratio(Registered(book, true)?.MemoryMiB, Registered(book, false)?.MemoryMiB, false, 1.05)),
    ];

    private static IEnumerable<Aim> Points(string what, string wanted, Func<ResultBook, string, (string, bool)?> found) =>
    [
        new($"{what}, 1 account", wanted, book => found(book, AllScenarios.PointsOfOne)),
        new($"{what}, 20 accounts", wanted, book => found(book, AllScenarios.PointsOfTwenty)),
    ];

    private static Summary? Of(ResultBook book, string load, string cell, string contender) => book.Find(load, cell, contender);

    private static Summary? InTurn(ResultBook book) =>
        book.Entries.FirstOrDefault(entry => entry.Load == "in-turn" && entry.Contender == Product) is { } entry ? new Summary(entry) : null;

    private static Summary? Cold(ResultBook book) => Of(book, "cold", ColdScenario.Cell, Product);

    private static Summary? Registered(ResultBook book, bool many) => Of(book, "registered", many ? RegisteredScenario.Many : RegisteredScenario.Few, Product);

    private static (string, bool)? Against(ResultBook book, string load, string cell, string rival, double part) =>
        Ratio(Of(book, load, cell, Product)?.Rate, Of(book, load, cell, rival)?.Rate, true, part);

    private static (string, bool)? AgainstBest(ResultBook book, string load, Func<Summary, double> figure, bool moreIsBetter, double part)
    {
        var rivals = Rivals.Where(rival => Of(book, load, Many, rival) is { Errors: 0 }).ToDictionary(rival => rival, rival => figure(Of(book, load, Many, rival)!));
        if (rivals.Count == 0 || Of(book, load, Many, Product) is not { } product)
        {
            return null;
        }

        var best = moreIsBetter ? rivals.MaxBy(rival => rival.Value) : rivals.MinBy(rival => rival.Value);
        return Ratio(figure(product), best.Value, moreIsBetter, part, best.Key);
    }

    private static (string, bool)? Ratio(double? own, double? other, bool moreIsBetter, double part, string? whose = null)
    {
        if (own is not { } a || other is not { } b || b == 0)
        {
            return null;
        }

        return (string.Create(CultureInfo.InvariantCulture, $"{a / b:0.00} × ({Number(a)} against {Number(b)}{(whose is null ? "" : $", {whose}")})"), moreIsBetter ? a / b >= part : a / b <= part);
    }

    private static (string, bool)? AtMost(double? value, double limit, string unit) =>
        value is { } found ? ($"{Number(found)} {unit}", found <= limit) : null;

    private static string Number(double value) => value.ToString(value >= 100 ? "N0" : "0.##", CultureInfo.InvariantCulture);
}
