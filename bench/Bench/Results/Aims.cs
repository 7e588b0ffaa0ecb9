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
        new("Accounts in turn: connections to accounts' databases", "≤ the budget, 83, at every sample", book => AtMost(InTurn(book)?.Lanes, 83, "connections")),
        new("Cold account, first answer, median", "≤ 30 ms", book => AtMost(Cold(book)?.P50, 30, "ms")),
        new("Cold account, first answer, p99", "≤ 100 ms", book => AtMost(Cold(book)?.P99, 100, "ms")),
        new("Reader beside a sleeper, p99", "≤ 1.2 × alone", book => Ratio(
            Of(book, "sleeper", SleeperScenario.Beside, Product)?.P99, Of(book, "sleeper", SleeperScenario.Alone, Product)?.P99, false, 1.2)),
        new("10,050 registered accounts against 50, requests a second", "≥ 0.95 ×", book => Ratio(Registered(book, true)?.Rate, Registered(book, false)?.Rate, true, 0.95)),
        new("10,050 registered accounts against 50, CPU a request", "≤ 1.05 ×", book => Ratio(Registered(book, true)?.Cpu, Registered(book, false)?.Cpu, false, 1.05)),
        new("10,050 registered accounts against 50, memory", "≤ 1.05 ×", book => Ratio(Registered(book, true)?.MemoryMiB, Registered(book, false)?.MemoryMiB, false, 1.05)),
        new("Rollout of a small migration over all accounts", "≥ 20 accounts/s", book => Fact(book, FleetRollouts.Rate) is { } rate
            ? (string.Create(CultureInfo.InvariantCulture, $"{Number(rate.Median)} accounts/s ({Fact(book, "accounts")?.Median:N0} accounts)"), rate.Median >= 20) : null),
        new("Accounts that it left out or that failed", "none", book => Fact(book, FleetRollouts.Skipped) is { } skipped ? AtMost(skipped.Worst, 0, "accounts") : null),
        new("Requests to the accounts during it", "none fails", book => Failures(book, FleetRollouts.Whole)),
        new("Rollout, the product killed in the middle", "no account skipped", book => InKilled(book, FleetRollouts.Skipped)),
        new("Rollout, the product killed in the middle", "no account migrated twice", book => InKilled(book, FleetRollouts.Twice)),
        new("Restore of a large account, 100 requests/s to it", "none fails", book => Failures(book, FleetOperations.Restore)),
        new("Restore of a large account, how long it is held", "≤ 500 ms", book => AtMost(Fact(book, FleetOperations.Hold)?.Worst, 500, "ms")),
        new("Clone of a large account, 100 requests/s to it", "none fails", book => Failures(book, FleetOperations.Clone)),
        new("Migration of a large account, 100 requests/s to it", "none fails", book => Failures(book, FleetMigrations.Migration)),
        new("Backup, speed", "≥ 0.8 × a bare `pg_dump -Fc`'s", book => Fact(book, FleetOperations.BareDump)?.Median is { } bare && Fact(book, FleetOperations.BackupTime)?.Median is { } own
            ? (string.Create(CultureInfo.InvariantCulture, $"{bare / own:0.00} × ({own:0.00} s against {bare:0.00} s, {Fact(book, FleetOperations.Size)?.Median:N0} MB)"), bare / own >= 0.8) : null),
        new("Backup, growth of the product's memory", "≤ 32 MiB, whatever the size", book => AtMost(Fact(book, FleetOperations.Memory)?.Worst, 32, "MiB")),
        new("Provisioning, 4 accounts at a time", "≥ 5 accounts/s", book => Fact(book, FleetProvisioning.Together)?.Median is { } rate ? ($"{Number(rate)} accounts/s", rate >= 5) : null),
        new("Provisioning, one after the other, median", "≤ 300 ms", book => AtMost(Fact(book, FleetProvisioning.OneByOne)?.Median, 300, "ms")),
        new("Another account's p99 during a restore", "≤ 1.5 × its own before", book => Beside(book, FleetOperations.Restore, FleetOperations.Alone)),
        new("Another account's p99 during a restore", "≤ 1 × that during a bare `pg_restore`", book => Ratio(
            InFleet(book, FleetOperations.Restore, true)?.P99, InFleet(book, FleetOperations.BareRestore, true)?.P99, false, 1)),
        new("Another account's p99 during a clone", "≤ 1.5 × its own before", book => Beside(book, FleetOperations.Clone, FleetOperations.Alone)),
        new("Another account's p99 during a migration of a large account", "≤ 1.5 × its own before", book => Beside(book, FleetMigrations.Migration, FleetMigrations.Alone)),
        new("Another account's p99 during a rollout", "≤ 1.5 × its own before", book => Beside(book, FleetRollouts.Whole, FleetRollouts.Alone)),
        new("Silos and front doors restarted one after the other under 500 requests/s", "no request fails", book => InCluster(book, ClusterFaults.Failed, 0, "errors")),
        new("Writes lost or doubled by that", "none", book => InCluster(book, ClusterFaults.Lost, 0, "writes")),
        new("Takeover after a kill, longest time without an answer", "≤ 2 s", book => InCluster(book, ClusterFaults.GapOf(ClusterFaults.Killed), 2, "s")),
        new("Takeover after a freeze, longest time without an answer", "≤ 5 s", book => InCluster(book, ClusterFaults.GapOf(ClusterFaults.Frozen), 5, "s")),
        new("Requests to other accounts during a kill", "none fails", book => InCluster(book, ClusterFaults.OthersFailed(ClusterFaults.Killed), 0, "errors")),
        new("Requests to other accounts during a freeze", "none fails", book => InCluster(book, ClusterFaults.OthersFailed(ClusterFaults.Frozen), 0, "errors")),
        new("Members declared dead while a cluster has no core to spare", "none", book => InCluster(book, ClusterEndurance.Deaths, 0, "members")),
        new("Requests meanwhile", "none fails", book => InCluster(book, ClusterEndurance.Failed, 0, "errors")),
        new("2 silos against 1, CPU a request", "≤ 1.3 ×", book => Ratio(CpuOf(book, 2), CpuOf(book, 1), false, 1.3)),
        new("4 silos against 1, CPU a request", "≤ 1.3 ×", book => Ratio(CpuOf(book, 4), CpuOf(book, 1), false, 1.3)),
    ];

    private static (string, bool)? InCluster(ResultBook book, string what, double limit, string unit) =>
        AtMost(book.FindFact(ClusterScenario.ScenarioName, what)?.Worst, limit, unit);

    private static double? CpuOf(ResultBook book, int silos) => book.FindFact(ClusterScenario.ScenarioName, ClusterCost.CpuOf(silos))?.Median;

    private static Fact? Fact(ResultBook book, string what) => book.FindFact(FleetScenario.ScenarioName, what);

    private static Summary? InFleet(ResultBook book, string phase, bool isAnother) => Of(book, FleetScenario.ScenarioName, FleetLoads.CellOf(phase, isAnother), Product);

    private static (string, bool)? Failures(ResultBook book, string phase) => AtMost(InFleet(book, phase, false)?.Errors, 0, "errors");

    private static (string, bool)? InKilled(ResultBook book, string what) =>
        AtMost(book.Entries.FirstOrDefault(entry => entry.Load == FleetScenario.ScenarioName && entry.Cell == FleetRollouts.Killed)?.Facts.Find(fact => fact.What == what)?.Worst, 0, "accounts");

    private static (string, bool)? Beside(ResultBook book, string phase, string alone) => Ratio(InFleet(book, phase, true)?.P99, InFleet(book, alone, true)?.P99, false, 1.5);

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
