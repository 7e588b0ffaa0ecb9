using System.Diagnostics;
using Kataven.Accounts;
using Kataven.Cluster.Tests.Silos;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kataven.Cluster.Tests.Accounts;

[Collection<TwoSilosCollection>]
public sealed class FeedTests(TwoSilos silos)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan InForce = Promised.Within(seconds: 1);

    private SiloCluster Cluster => silos.Cluster;

    private ClusterServer Server => silos.Server;

    [Fact]
    public async Task Most_changes_are_in_force_on_every_silo_within_a_second_whatever_else_the_machine_does()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        var took = new List<TimeSpan>();
        foreach (var status in new[] { AccountStatus.Suspended, AccountStatus.Active, AccountStatus.Suspended, AccountStatus.Active, AccountStatus.Suspended })
        {
            var begun = Stopwatch.GetTimestamp();
            await SetStatusAsync(account, AccountStatusText.Of(status));
            await BothKnowItAsAsync(account, status);
            took.Add(Stopwatch.GetElapsedTime(begun));
        }

        // The middle one: a single change may meet a moment in which the machine does other things.
        Assert.True(took.Order().ElementAt(took.Count / 2) < TimeSpan.FromSeconds(1), string.Join(", ", took));
    }

    [Fact]
    public async Task A_change_that_commits_after_later_ones_is_in_force_within_a_second()
    {
        var (first, second) = (await TestAccount.CreateAsync(Cluster), await TestAccount.CreateAsync(Cluster));
        await using (var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Database = ClusterServer.SystemDatabaseName }.ConnectionString))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using (var early = new NpgsqlCommand($"UPDATE public.accounts SET status = 'suspended' WHERE account_id = '{first.Id}'", connection, transaction))
            {
                await early.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            }

            await SetStatusAsync(second, "suspended");
            await BothKnowItAsAsync(second, AccountStatus.Suspended);
            Assert.True(IsKnownAs(0, first, AccountStatus.Active));
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        }

        await BothKnowItAsAsync(first, AccountStatus.Suspended);
    }

    [Fact]
    public async Task A_row_that_was_deleted_with_plain_SQL_and_many_changes_at_once_are_known_within_a_second()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        await Server.ExecuteAsync("""
            INSERT INTO public.accounts (account_id, account_name, database_name, status)
            SELECT 'many' || i, 'Many', 'many' || i, 'active' FROM generate_series(1, 3000) i
            """);
        await Eventually.Async(() => Enumerable.Range(0, 2).All(silo => Count(silo) >= 3001), InForce, "both silos know them");

        await Server.ExecuteAsync($"DELETE FROM public.accounts WHERE account_id = '{account.Id}'");

        await Eventually.Async(() => Enumerable.Range(0, 2).All(silo => Row(silo, account) is null), InForce, "both silos know it");
        await Server.ExecuteAsync("DELETE FROM public.accounts WHERE account_id LIKE 'many%'");
        await Eventually.Async(() => Enumerable.Range(0, 2).All(silo => Count(silo) < 3000), InForce, "both silos know that they are gone");
    }

    [Fact]
    public async Task What_everybody_has_seen_is_forgotten_and_the_rest_is_not()
    {
        var changes = new AccountChangeLog(Cluster.Services(0).GetRequiredService<SystemDatabase>());
        await Server.ExecuteAsync("INSERT INTO kataven.account_change (account_id, changed_in) VALUES ('over', pg_current_xact_id()), ('future', '9000000000000')");
        var before = await changes.SnapshotAsync(TestContext.Current.CancellationToken);
        await Server.ExecuteAsync("INSERT INTO kataven.account_change (account_id) VALUES ('later')");

        await changes.ForgetAsync(before, TestContext.Current.CancellationToken);

        Assert.Equal("later", await Server.ScalarAsync<string>(
            "SELECT string_agg(account_id, ',') FROM kataven.account_change WHERE account_id IN ('over', 'future', 'later')"));
        Assert.Contains(AccountId.Parse("later"), (await changes.SinceAsync(before, TestContext.Current.CancellationToken)).Ids);
    }

    [Fact]
    public async Task Changes_are_in_force_within_a_second_while_accounts_are_being_made()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        await account.ValueAsync("SELECT 1");
        using var enough = new CancellationTokenSource();
        // More statements than the service has connections of its own, each longer than a change may take to be in force.
        var system = Cluster.Services(0).GetRequiredService<SystemDatabase>();
        var busy = Enumerable.Range(0, 12).Select(async _ =>
        {
            await using var command = system.Command("SELECT pg_sleep(2)");
            await command.ExecuteNonQueryAsync(enough.Token);
        }).ToArray();
        await Eventually.Async(
            async () => await Server.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(2)'") >= 3, Patience, "connections are busy");

        await SetStatusAsync(account, "suspended");

        await Eventually.Async(() => IsKnownAs(0, account, AccountStatus.Suspended), InForce, "the silo knows it");
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(busy));
    }

    [Fact]
    public async Task Without_rows_every_account_is_one_that_is_not_there()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        await account.ValueAsync("SELECT 1");
        await Server.ExecuteAsync("TRUNCATE public.accounts CASCADE");

        await Eventually.Async(() => Enumerable.Range(0, 2).All(silo => Row(silo, account) is null), InForce, "both silos know it");
        await Eventually.Async(async () => await account.ConnectionsAsync() == 0, InForce, "no connection is open");
        Assert.Equal(ErrorCode.InvalidAccount, (await account.QueryAsync("SELECT 1", silo: 1)).Refusal?.Code);
    }

    private AccountRow? Row(int silo, TestAccount account) => Cluster.Services(silo).GetRequiredService<AccountDirectory>().Find(account.Id);

    private bool IsKnownAs(int silo, TestAccount account, AccountStatus status) => Row(silo, account)?.Account.Status == status;

    private int Count(int silo) => Cluster.Services(silo).GetRequiredService<AccountDirectory>().Count;

    private Task BothKnowItAsAsync(TestAccount account, AccountStatus status) =>
        Eventually.Async(() => Enumerable.Range(0, 2).All(silo => IsKnownAs(silo, account, status)), InForce, $"both silos know that it is {status}");

    private Task<int> SetStatusAsync(TestAccount account, string status) =>
        Server.ExecuteAsync($"UPDATE public.accounts SET status = '{status}' WHERE account_id = '{account.Id}'");
}
