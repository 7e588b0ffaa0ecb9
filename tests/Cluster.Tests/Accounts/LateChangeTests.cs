using Kataven.Accounts;
using Kataven.Cluster.Tests.Silos;
using Kataven.Grains.Accounts;
using Kataven.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Kataven.Cluster.Tests.Accounts;

/// <summary>
/// A silo freezes in the middle of a change of an account. Whoever asked for it asks another one, and changes the account again; then the
/// first one wakes and goes on where it was.
/// </summary>
[Collection<TwoSilosCollection>]
public sealed class LateChangeTests(TwoSilos silos)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_read_before_others_changed_the_account_changes_nothing_any_more()
    {
        var account = await TestAccount.CreateAsync(silos.Cluster);
        var before = await account.ReadAsync();
        await account.Grain.SuspendAsync("a bill");
        await account.Grain.ResumeAsync();
        var table = silos.Cluster.Services(0).GetRequiredService<AccountTable>();

        Assert.False(await table.TryChangeStatusAsync(before, AccountStatus.Suspended, "a bill", Stop));
        Assert.False(await table.TryPatchAsync(before, new AccountPatch { Name = "late" }, Stop));

        var after = await account.ReadAsync();
        Assert.Equal((AccountStatus.Active, before.Name), (after.Status, after.Name));
    }

    [Fact]
    public async Task A_call_that_is_handed_on_late_changes_nothing_of_what_was_asked_for_since()
    {
        var account = await TestAccount.CreateAsync(silos.Cluster);
        var before = await account.ReadAsync();
        await account.Grain.SuspendAsync("a bill");
        await account.Grain.ResumeAsync();

        Assert.True((await KnownVersion.WithAsync(before.Version, () => account.Grain.SuspendAsync("a bill"))).IsStale);
        Assert.True((await KnownVersion.WithAsync(before.Version, () => account.Grain.PatchAsync(new AccountPatch { Name = "late" }))).IsStale);

        var after = await account.ReadAsync();
        Assert.Equal((AccountStatus.Active, before.Name), (after.Status, after.Name));
    }

    [Fact]
    public async Task The_second_try_of_a_call_whose_first_had_been_made_is_answered_as_that()
    {
        var account = await TestAccount.CreateAsync(silos.Cluster);
        var before = await account.ReadAsync();
        Task<AccountResult> SuspendAsync() => KnownVersion.WithAsync(before.Version, () => account.Grain.SuspendAsync("a bill"));

        await SuspendAsync();
        var again = await SuspendAsync();

        Assert.Equal((AccountStatus.Suspended, "a bill"), (again.Account?.Status, again.Account?.StatusReason));
    }

    [Fact]
    public async Task A_suspension_that_meets_another_change_is_made_all_the_same()
    {
        var account = await TestAccount.CreateAsync(silos.Cluster);
        await using var other = new NpgsqlConnection(silos.Cluster.Server.OrleansConnectionString);
        await other.OpenAsync(Stop);
        await using var change = await other.BeginTransactionAsync(Stop);
        await ExecuteAsync(other, $"UPDATE public.accounts SET account_name = 'changed' WHERE account_id = '{account.Id}'");

        var suspending = account.Grain.SuspendAsync("a bill");
        await Eventually.Async(
            async () => await silos.Cluster.Server.ScalarAsync<long>(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE public.accounts SET status%'") > 0,
            TimeSpan.FromSeconds(30), "the suspension waits for the row");
        await change.CommitAsync(Stop);

        Assert.Null((await suspending).Refusal);
        var after = await account.ReadAsync();
        Assert.Equal((AccountStatus.Suspended, "changed"), (after.Status, after.Name));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
