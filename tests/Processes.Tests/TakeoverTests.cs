using System.Globalization;
using System.Net;
using System.Text.Json;
using Kataven.Testing;
using Kataven.Testing.Cluster;
using ClusterMember = Kataven.Testing.Cluster.ClusterMember;

namespace Kataven.Processes.Tests;

/// <summary>
/// What clients notice of a silo that dies or freezes. <see cref="RoundsVariable"/> has it done several times over, to see how long it
/// takes.
/// </summary>
[Collection<StandingClusterCollection>]
public sealed class TakeoverTests(StandingCluster standing, ITestOutputHelper output)
{
    private const string RoundsVariable = "KATAVEN_TEST_TAKEOVERS";

    private const int Accounts = 6;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static int Rounds => int.Parse(Environment.GetEnvironmentVariable(RoundsVariable) ?? "1", CultureInfo.InvariantCulture);

    [Fact]
    public Task Accounts_of_a_killed_silo_are_served_elsewhere_and_no_other_notices() => TakeOverAsync(
        "killed",
        Promised.Within(2),
        silo => silo.KillAsync(),
        _ => Task.CompletedTask);

    [Fact]
    public Task Accounts_of_a_frozen_silo_are_served_elsewhere_and_it_ends_when_it_wakes() => TakeOverAsync(
        "frozen",
        Promised.Within(5),
        silo => silo.FreezeAsync(),
        async silo =>
        {
            await silo.WakeAsync();
            await Eventually.Async(() => !silo.IsRunning, Patience, "a silo that was declared dead ends itself");
        });

    private async Task TakeOverAsync(string what, TimeSpan within, Func<ClusterMember, Task> fail, Func<ClusterMember, Task> after)
    {
        var cluster = await standing.WholeAsync();
        await using var mover = await AccountMover.StartAsync(cluster, StandingCluster.ClusterId);
        var accounts = Enumerable.Range(0, Accounts).Select(i => $"{what}{i}").ToList();
        foreach (var account in accounts)
        {
            await cluster.CreateAccountAsync(account);
        }

        for (var round = 0; round < Rounds; round++)
        {
            if (round > 0)
            {
                await cluster.Silos[1].StartAsync();
                await cluster.WhenWholeAsync();
            }

            await RoundAsync(cluster, mover, accounts, what, within, fail, after);
        }
    }

    private async Task RoundAsync(
        RealCluster cluster, AccountMover mover, List<string> accounts, string what, TimeSpan within, Func<ClusterMember, Task> fail, Func<ClusterMember, Task> after)
    {
        foreach (var account in accounts)
        {
            Assert.Equal(HttpStatusCode.OK, (await cluster.Calls.QueryAsync(account, "DROP TABLE IF EXISTS written")).Status);
            Assert.Equal(HttpStatusCode.OK, (await cluster.Calls.QueryAsync(account, "CREATE TABLE written (number int)")).Status);
        }

        var victim = cluster.Silos[1];
        var lost = accounts.Take(Accounts / 2).ToHashSet();
        foreach (var account in accounts)
        {
            await mover.MoveAsync(account, lost.Contains(account) ? victim.Name : cluster.Silos[0].Name);
        }

        var readers = accounts.Select(account => AccountClient.Reader(cluster, account)).ToList();
        var writers = accounts.Select(account => AccountClient.Writer(cluster, account)).ToList();
        var clients = readers.Concat(writers).ToList();
        await Eventually.Async(() => clients.TrueForAll(client => client.Answered > 20), Patience, "requests are under way");

        var open = await BeginWriteAsync(cluster, lost.First());
        await fail(victim);
        var before = clients.ToDictionary(client => client, client => client.Answered);
        await Eventually.Async(() => clients.TrueForAll(client => client.Answered > before[client] + 40), Patience, "every account is served");
        await after(victim);
        Assert.Equal("outcome_unknown", (await open).Body.GetProperty("code").GetString());
        await Task.WhenAll(clients.Select(client => client.StopAsync()));

        var hit = clients.Where(client => lost.Contains(client.Account)).ToList();
        var (reads, writes) = (Longest(readers, lost), Longest(writers, lost));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what}: {lost.Count} of {Accounts} accounts, longest gap of reads {reads.TotalSeconds:0.00} s, of writes {writes.TotalSeconds:0.00} s, "
            + $"of others {clients.Except(hit).Max(client => client.LongestGap).TotalSeconds:0.00} s; failed: {string.Join(", ", hit.SelectMany(client => client.Troubles).CountBy(code => code))}"));
        Assert.Empty(readers.SelectMany(client => client.Troubles));
        Assert.Empty(clients.Except(hit).SelectMany(client => client.Troubles));
        Assert.All(hit, client => Assert.All(client.Troubles, code => Assert.Equal("outcome_unknown", code)));
        Assert.True(reads < within && writes < within, $"{within} are allowed\n{cluster.Output}");
        foreach (var writer in writers)
        {
            await AssertWrittenOnceAsync(cluster, writer);
        }
    }

    /// <summary>
    /// A transaction that has written, is in the middle of a statement, and would write once more: unless its connection is ended it is
    /// committed when its silo wakes.
    /// </summary>
    private async Task<Task<(HttpStatusCode Status, JsonElement Body)>> BeginWriteAsync(RealCluster cluster, string account)
    {
        string[] statements = ["INSERT INTO written VALUES (-1)", "SELECT pg_sleep(60)", "INSERT INTO written VALUES (-2)"];
        var answer = cluster.Calls.CallAsync(account, HttpMethod.Post, "/api/transaction", new { statements = statements.Select(sql => new { sql }) });
        await Eventually.Async(
            async () => await standing.Server.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = $1 AND wait_event = 'PgSleep'", account) > 0,
            Patience,
            "the transaction is under way");
        return answer;
    }

    /// <summary>What was acknowledged is there once, what was not known at most once, and nothing else.</summary>
    private static async Task AssertWrittenOnceAsync(RealCluster cluster, AccountClient writer)
    {
        var (_, body) = await cluster.Calls.QueryAsync(writer.Account, "SELECT coalesce(array_agg(number), '{}') FROM written");
        var there = body.GetProperty("rows")[0][0].EnumerateArray().Select(number => number.GetInt32()).ToList();
        var (done, unknown) = writer.Outcomes();
        Assert.Equal(there.Count, there.Distinct().Count());
        Assert.Empty(done.Except(there));
        Assert.Empty(there.Except(done).Except(unknown));
    }

    private static TimeSpan Longest(IEnumerable<AccountClient> clients, HashSet<string> accounts) =>
        clients.Where(client => accounts.Contains(client.Account)).Max(client => client.LongestGap);
}
