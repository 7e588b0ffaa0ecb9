using System.Net;
using CsCheck;
using Kataven.Accounts;
using Kataven.Grains.Placement;
using Orleans.Runtime;

namespace Kataven.Grains.Tests.Placement;

public sealed class PlacementPlanTests
{
    private static readonly PlacementOptions Options = new();

    /// <summary>Silos, each with what its accounts cost, in percent of its cores.</summary>
    private static readonly Gen<int[][]> Clusters = Gen.Int[1, 60].Array[0, 12].Array[2, 5];

    [Fact]
    public void Small_accounts_leave_a_hot_one_alone_when_another_silo_is_idle()
    {
        var moves = PlacementPlan.Moves(0.95, [Of("hot", 0.7), Of("a", 0.05), Of("b", 0.05), Of("c", 0.05), Of("d", 0.05), Of("e", 0.05)], [Silo(1, 0.05)], 10, Options);

        Assert.Equal(["a", "b", "c", "d", "e"], moves.Select(move => move.Account.Value).Order(StringComparer.Ordinal));
        Assert.All(moves, move => Assert.Equal(Address(1), move.To));
    }

    [Fact]
    public void A_hot_account_goes_itself_where_that_evens_things_out() =>
        Assert.Equal(["hot"], PlacementPlan.Moves(0.9, [Of("hot", 0.4), .. Many(25, 0.02)], [Silo(1, 0)], 10, Options).Select(move => move.Account.Value));

    [Theory]
    [InlineData(0.69, 0.0)]
    [InlineData(0.9, 0.61)]
    [InlineData(0.8, 0.85)]
    public void A_silo_that_is_not_busy_or_not_the_busiest_keeps_what_it_has(double own, double other) =>
        Assert.Empty(PlacementPlan.Moves(own, [.. Many(10, own / 10)], [Silo(1, other)], 10, Options));

    [Fact]
    public void One_account_alone_stays() => Assert.Empty(PlacementPlan.Moves(1, [Of("hot", 1)], [Silo(1, 0)], 10, Options));

    [Fact]
    public void Nothing_moves_that_may_not_or_costs_next_to_nothing() =>
        Assert.Empty(PlacementPlan.Moves(0.9, [Of("held", 0.3) with { MayMove = false }, Of("small", 0.005), Of("hot", 0.595)], [Silo(1, 0)], 10, Options));

    /// <summary>With loads that stay what they are, it comes to an end, and on the way no silo gets busier than the busiest was.</summary>
    [Fact]
    public void Moves_come_to_an_end_and_make_no_silo_busier_than_the_busiest_was() => Clusters.Sample(loads =>
    {
        var cluster = loads.Select((accounts, silo) => accounts.Select((load, i) => ($"s{silo}a{i}", Load: load / 100.0)).ToDictionary(x => x.Item1, x => x.Load)).ToArray();
        var accounts = cluster.Sum(silo => silo.Count);
        var total = cluster.Sum(silo => silo.Values.Sum());
        for (var round = 0; ; round++)
        {
            Assert.True(round <= 10 * (accounts + 1), "it comes to no end");
            var busiest = Enumerable.Range(0, cluster.Length).MaxBy(silo => cluster[silo].Values.Sum());
            var before = cluster[busiest].Values.Sum();
            var moves = Moves(cluster, busiest, most: 3);
            Assert.InRange(moves.Count, 0, 3);
            if (moves.Count == 0)
            {
                break;
            }

            foreach (var move in moves)
            {
                var to = Array.FindIndex(cluster, silo => Address(Array.IndexOf(cluster, silo)).Equals(move.To));
                Assert.True(cluster[busiest].Remove(move.Account.Value, out var load));
                cluster[to].Add(move.Account.Value, load);
            }

            Assert.True(cluster.Max(silo => silo.Values.Sum()) <= before + 1e-9);
        }

        Assert.Equal(accounts, cluster.Sum(silo => silo.Count));
        Assert.Equal(total, cluster.Sum(silo => silo.Values.Sum()), 6);
    });

    /// <summary>What is left busy beside an idle silo could not be made more even by moving any of its accounts.</summary>
    [Fact]
    public void Where_nothing_moves_any_more_nothing_that_is_worth_it_could() => Clusters.Sample(loads =>
    {
        var cluster = loads.Select((accounts, silo) => accounts.Select((load, i) => ($"s{silo}a{i}", Load: load / 100.0)).ToDictionary(x => x.Item1, x => x.Load)).ToArray();
        var busiest = Enumerable.Range(0, cluster.Length).MaxBy(silo => cluster[silo].Values.Sum());
        var (own, least) = (cluster[busiest].Values.Sum(), cluster.Min(silo => silo.Values.Sum()));
        if (Moves(cluster, busiest, most: 3).Count > 0 || own < 0.7 || own - least < 0.3)
        {
            return;
        }

        Assert.DoesNotContain(cluster[busiest].Values, load => least + load <= own - load - 1e-9);
    });

    private static List<PlannedMove> Moves(Dictionary<string, double>[] cluster, int silo, int most) => PlacementPlan.Moves(
        cluster[silo].Values.Sum(),
        [.. cluster[silo].Select(account => Of(account.Key, account.Value))],
        [.. Enumerable.Range(0, cluster.Length).Where(other => other != silo).Select(other => Silo(other, cluster[other].Values.Sum()))],
        most,
        Options);

    private static AccountLoad Of(string account, double share) => new(AccountId.Parse(account), share, true);

    private static IEnumerable<AccountLoad> Many(int count, double share) => Enumerable.Range(0, count).Select(i => Of($"many{i}", share));

    private static SiloLoad Silo(int number, double share) => new(Address(number), share);

    private static SiloAddress Address(int number) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1000 + number), 1);
}
