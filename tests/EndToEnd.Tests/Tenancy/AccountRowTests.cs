using Kataven.Testing;
using Kataven.Testing.Service;
using Npgsql;

namespace Kataven.EndToEnd.Tests.Tenancy;

/// <summary>What is done to <c>accounts</c> with plain SQL holds.</summary>
public sealed class AccountRowTests(ServiceFixture service)
{
    private static readonly TimeSpan InForce = Promised.Within(seconds: 1);

    [Fact]
    public async Task A_row_added_by_hand_is_served_and_its_database_keeps_its_data()
    {
        await AccountRows.ExecuteAsync(service, "create database \"by-hand\"");
        await using (var before = await service.OpenInAsync("by-hand"))
        await using (var fill = new NpgsqlCommand("create table kept (id int primary key, t text); insert into kept values (1, 'kept')", before))
        {
            await fill.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await AccountRows.InsertAsync(service, "by-hand");

        await Eventually.Async(
            async () => (await service.TryQueryAsync("by-hand", "select 1")).Status == 200, InForce, "the account is served");
        Assert.Equal("kept", (await service.ScalarAsync("by-hand", "select t from kept")).GetString());
        await service.QueryAsync("by-hand", "insert into kept values (2, 'mine')");
        await service.QueryAsync("by-hand", "alter table kept add column more text");
        Assert.False(await service.SystemScalarAsync<bool>("select has_database_privilege('public', 'by-hand', 'CONNECT')"));
    }

    [Fact]
    public async Task A_row_without_a_database_is_an_unknown_account()
    {
        await AccountRows.InsertAsync(service, "no-database");

        var reply = await service.TryQueryAsync("no-database", "select 1");

        Assert.Equal((400, "invalid_account"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task A_status_set_by_hand_is_in_force_within_a_second_and_leaves_no_connection()
    {
        var account = await service.NewAccountAsync("by-sql");
        await service.QueryAsync(account, "select 1");
        Assert.True(await AccountRows.ConnectionsAsync(service, account) > 0);
        var running = service.TryQueryAsync(account, "select pg_sleep(20)");

        await AccountRows.SetStatusAsync(service, account, "suspended");

        await Eventually.Async(async () => (await service.TryQueryAsync(account, "select 1")).Status == 403, InForce, "the suspension is in force");
        Assert.Equal("account_inactive", (await running).Code);
        await Eventually.Async(async () => await AccountRows.ConnectionsAsync(service, account) == 0, InForce, "no connection is left");

        await AccountRows.SetStatusAsync(service, account, "active");
        await Eventually.Async(async () => (await service.TryQueryAsync(account, "select 1")).Status == 200, InForce, "the account is served again");
    }

    [Fact]
    public async Task A_row_deleted_by_hand_is_an_unknown_account_within_a_second()
    {
        var account = await service.NewAccountAsync("gone");
        await service.QueryAsync(account, "select 1");

        await AccountRows.ExecuteAsync(service, "delete from accounts where account_id = $1", account);

        await Eventually.Async(async () => (await service.TryQueryAsync(account, "select 1")).Code == "invalid_account", InForce, "the account is unknown");
        await Eventually.Async(async () => await AccountRows.ConnectionsAsync(service, account) == 0, InForce, "no connection is left");
    }
}
