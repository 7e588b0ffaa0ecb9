using System.Diagnostics;
using System.Globalization;
using Kataven.Bench.Contenders;
using Kataven.Testing.Cluster;

namespace Kataven.Bench.Scenarios;

/// <summary>What clients notice of a process that goes.</summary>
internal static class ClusterFaults
{
    public const string Rolling = "rolling restart";
    public const string Killed = "a silo is killed";
    public const string Frozen = "a silo is frozen";
    public const string Failed = "requests that failed";
    public const string Lost = "writes lost, doubled or made though refused";

    private const int Accounts = 20;
    private const int Clients = 64;
    private const double RequestsPerSecond = 500;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Longer than a frozen silo takes to be declared dead.</summary>
    private static readonly TimeSpan FrozenFor = TimeSpan.FromSeconds(10);

    /// <summary>The fact's name, which no other cell has.</summary>
    public static string GapOf(string fault) => $"longest time without an answer for a client of its accounts, {fault}";

    public static string OthersFailed(string fault) => $"requests to other accounts that failed, {fault}";

    public static async Task RestartAsync(Stage stage)
    {
        await using var cluster = await ClusterScenario.StartAsync(stage, silos: 3, fronts: 2);
        await using var traffic = await Traffic.StartAsync(cluster, Names("rolling"), Clients, RequestsPerSecond);
        await traffic.MoreAsync(each: 20, Patience);
        var begun = Stopwatch.GetTimestamp();
        foreach (var member in cluster.Members)
        {
            var took = await member.RestartAsync();
            stage.Add(Rolling, Product.ContenderName, member.Name.StartsWith("silo", StringComparison.Ordinal) ? "a silo's stop" : "a front door's stop", "s", took.TotalSeconds);
        }

        await traffic.MoreAsync(each: 20, Patience);
        await traffic.EndAsync();
        stage.Add(Rolling, Product.ContenderName, "requests that were answered", "", traffic.Answered.Count);
        stage.Add(Rolling, Product.ContenderName, "of all processes", "s", Stopwatch.GetElapsedTime(begun).TotalSeconds);
        stage.Add(Rolling, Product.ContenderName, "the slowest answer", "ms", traffic.Slowest.TotalMilliseconds);
        stage.Add(Rolling, Product.ContenderName, Failed, "", traffic.Failures.Count);
        stage.Add(Rolling, Product.ContenderName, Lost, "", (await traffic.FindLossAsync(stage.Ground.Server.ConnectionString)).Count);
        Tell(traffic.Failures);
    }

    public static async Task TakeOverAsync(Stage stage, CancellationToken cancellation)
    {
        await using var cluster = await ClusterScenario.StartAsync(stage, silos: 3, fronts: 2);
        await using var traffic = await Traffic.StartAsync(cluster, Names("takeover"), Clients, RequestsPerSecond);
        await traffic.MoreAsync(each: 20, Patience);
        for (var round = 0; round < stage.Plan.Takeovers; round++)
        {
            await FailAsync(stage, cluster, traffic, Killed, async silo =>
            {
                await silo.KillAsync();
                await traffic.MoreAsync(each: 10, Patience);
                await silo.StartAsync();
            });
            await FailAsync(stage, cluster, traffic, Frozen, async silo =>
            {
                await silo.FreezeAsync();
                await Task.Delay(FrozenFor, cancellation);
                await silo.WakeAsync();
                await traffic.MoreAsync(each: 10, Patience);
                if (silo.IsRunning)
                {
                    await silo.KillAsync();
                }

                await silo.StartAsync();
            });
        }

        await traffic.EndAsync();
        stage.Add(Killed, Product.ContenderName, "writes lost or doubled, of all", "", (await traffic.FindLossAsync(stage.Ground.Server.ConnectionString)).Count);
        stage.Add(Killed, Product.ContenderName, "requests that were answered, of all", "", traffic.Answered.Count);
    }

    private static async Task FailAsync(Stage stage, RealCluster cluster, Traffic traffic, string fault, Func<ClusterMember, Task> fail)
    {
        await cluster.WhenWholeAsync();
        var places = await cluster.PlacesAsync();
        var silo = cluster.Silos.MaxBy(silo => places.Count(place => place.Value == silo.Name))!;
        var its = places.Where(place => place.Value == silo.Name).Select(place => place.Key).ToHashSet();
        var (begun, before) = (Stopwatch.GetTimestamp(), traffic.Failures.Count);
        await fail(silo);
        var failures = traffic.Failures.Skip(before).ToList();
        stage.Add(fault, Product.ContenderName, "its accounts", "", its.Count);
        stage.Add(fault, Product.ContenderName, GapOf(fault), "s", traffic.LongestGap(its.Contains, begun).TotalSeconds);
        stage.Add(fault, Product.ContenderName, $"writes to its accounts that were told outcome_unknown, {fault}", "", failures.Count(failure => its.Contains(failure.Account) && failure is { IsWrite: true, Code: "outcome_unknown" }));
        stage.Add(fault, Product.ContenderName, $"other requests to its accounts that failed, {fault}", "", failures.Count(failure => its.Contains(failure.Account) && failure is not { IsWrite: true, Code: "outcome_unknown" }));
        stage.Add(fault, Product.ContenderName, OthersFailed(fault), "", failures.Count(failure => !its.Contains(failure.Account)));
        Tell(failures.Where(failure => !its.Contains(failure.Account)));
    }

    private static void Tell(IEnumerable<TrafficFailure> failures)
    {
        foreach (var failure in failures.Take(3))
        {
            Console.WriteLine($"  {failure}");
        }
    }

    private static List<string> Names(string prefix) => [.. Enumerable.Range(1, Accounts).Select(number => string.Create(CultureInfo.InvariantCulture, $"{prefix}-{number:00}"))];
}
