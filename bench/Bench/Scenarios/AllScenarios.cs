using Kataven.Bench.Contenders;

namespace Kataven.Bench.Scenarios;

/// <summary>The loads, in the order in which they run.</summary>
internal static class AllScenarios
{
    public const string PointsOfOne = "points-1";
    public const string PointsOfTwenty = "points-20";
    public const string Writes = "writes";
    public const string Rows = "rows-1000";
    public const string Stream = "stream-10mb";

    private static readonly string[] All = [Baseline.ContenderName, Multiplexed.ContenderName, BehindPgBouncer.ContenderName, GoTwin.ContenderName];

    public static IReadOnlyList<Scenario> List { get; } =
    [
        new WrkScenario(PointsOfOne, "One row by its primary key, from one account. pgbench: the same statement prepared, on 16 connections, without HTTP.")
        {
            Accounts = 1, Bodies = Queries.PointReads, LimitAtClients = 64,
        },
        new WrkScenario(PointsOfTwenty, "One row by its primary key, from 20 accounts in turn.")
        {
            Accounts = 20, Bodies = Queries.PointReads, Rivals = All,
        },
        new WrkScenario("points-200", "One row by its primary key, from 200 accounts in turn. Each contender has the server to itself, and starts anew for each round.")
        {
            Accounts = 200, Bodies = Queries.PointReads, Rivals = All, Apart = true,
        },
        new WrkScenario(Writes, "One update to nine reads, each of one row, 20 accounts in turn. Commits are durable.")
        {
            Accounts = 20, Bodies = Queries.OneWriteInTen, Clients = [64],
        },
        new WrkScenario(Rows, "1,000 rows of two columns, 20 accounts in turn.")
        {
            Accounts = 20, Bodies = Queries.ManyRows, Clients = [16], Rivals = [Baseline.ContenderName, GoTwin.ContenderName],
        },
        new WrkScenario(Stream, "10,000 rows of a thousand characters as NDJSON, 20 accounts in turn.")
        {
            Accounts = 20, Bodies = Queries.TenMegabytes, Clients = [4], Accept = "application/x-ndjson", Rivals = [Baseline.ContenderName, GoTwin.ContenderName],
        },
        new SleeperScenario { Rivals = [Baseline.ContenderName] },
        new ColdScenario { Rivals = [Baseline.ContenderName, GoTwin.ContenderName] },
        new InTurnScenario { Rivals = All },
        new RegisteredScenario { Rivals = [] },
        new FleetScenario { Rivals = [] },
        new ClusterScenario { Rivals = [] },
    ];
}
