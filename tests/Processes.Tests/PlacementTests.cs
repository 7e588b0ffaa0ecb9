using Kataven.Cluster.Tests.Silos;
using System.Diagnostics;
using System.Net;
using Kataven.Testing;
using Kataven.Testing.Cluster;

namespace Kataven.Processes.Tests;

public sealed class PlacementTests(ClusterServer server, ITestOutputHelper output)
{
    private const int Busy = 5;

    /// <summary>Clients of the hot account.</summary>
    private const int Hot = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Low, since a silo shares its cores here with its clients, with PostgreSQL and with other silos, and is told of one core.</summary>
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["DOTNET_PROCESSOR_COUNT"] = "1",
        ["Kataven__Placement__Rebalance"] = "true",
        ["Kataven__Placement__LookEvery"] = "00:00:01",
        ["Kataven__Placement__LooksInARow"] = "2",
        ["Kataven__Placement__BusyAbove"] = "10",
        ["Kataven__Placement__Difference"] = "10",
        ["Kataven__Placement__RestFor"] = "00:00:10",
    };

    [Fact]
    public async Task Accounts_of_a_busy_silo_spread_to_one_that_comes_and_no_request_fails()
    {
        Assert.SkipUnless(TestScope.IsWhole, TestScope.Reason);
        await using var cluster = await RealCluster.StartAsync(server.ServiceConnectionString, new ClusterPlan { Silos = 1, Settings = Settings });
        var accounts = Enumerable.Range(0, Busy).Select(i => $"busy{i}").Append("hot").ToList();
        foreach (var account in accounts)
        {
            await cluster.CreateAccountAsync(account);
            Assert.Equal(HttpStatusCode.OK, (await cluster.Calls.QueryAsync(account, "CREATE TABLE written (number int)")).Status);
        }

        var clients = Enumerable.Range(0, Hot).Select(_ => AccountClient.Reader(cluster, "hot", TimeSpan.Zero))
            .Concat(accounts.Where(account => account != "hot").Select(account => AccountClient.Writer(cluster, account))).ToList();
        await Eventually.Async(() => clients.TrueForAll(client => client.Answered > 20), Patience, "requests are under way");

        await cluster.Add("Silo", "silo2").StartAsync();
        var isThere = Stopwatch.GetTimestamp();
        await Eventually.Async(async () => (await cluster.PlacesAsync()).Values.Distinct().Count() == 2, Patience, "some have moved");
        var moves = await SettledAsync(cluster, clients);

        var places = await cluster.PlacesAsync();
        var gaps = clients.GroupBy(client => client.Account).Select(account => $"{account.Key} {account.Max(client => client.LongestGapSince(isThere)).TotalMilliseconds:0} ms ({places[account.Key]})");
        output.WriteLine($"{moves} moves; longest gaps: {string.Join(", ", gaps)}");
        Assert.InRange(moves, 1, 2 * accounts.Count);
        Assert.Equal(2, places.Values.Distinct().Count());
        await Task.WhenAll(clients.Select(client => client.StopAsync()));
        Assert.Empty(clients.SelectMany(client => client.Troubles));
    }

    /// <summary>Returns when nobody has moved for as long as it takes a silo to answer some thousand requests more.</summary>
    private static async Task<int> SettledAsync(RealCluster cluster, List<AccountClient> clients)
    {
        var (moves, since) = (Moves(cluster), clients.Sum(client => client.Answered));
        await Eventually.Async(
            () =>
            {
                if (Moves(cluster) != moves)
                {
                    (moves, since) = (Moves(cluster), clients.Sum(client => client.Answered));
                }

                return clients.Sum(client => client.Answered) > since + 10_000;
            },
            2 * Patience,
            "accounts stay where they are");
        return moves;
    }

    private static int Moves(RealCluster cluster) => cluster.Output.Split("which has less to do than this silo").Length - 1;
}
