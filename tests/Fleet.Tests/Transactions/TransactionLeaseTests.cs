using System.Diagnostics;
using Kataven.Tenants;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Transactions;

/// <summary>What ends a transaction that its client does not end.</summary>
[Collection(HastyTransactionsCollection.Name)]
public sealed class TransactionLeaseTests(HastyTransactions service)
{
    [Fact]
    public async Task One_that_nobody_uses_is_rolled_back_when_its_lease_is_over()
    {
        var (account, id) = await BeginAsync("lease");

        await Eventually.Async(async () => await service.OpenSessionsAsync(account) == 0, HastyTransactions.IdleLease + Promised.Within(seconds: 1), "it has ended");

        await service.AssertNotLockedAsync(account, "item");
        Assert.Equal(0, (await service.ScalarAsync(account, "select count(*) from item")).GetInt32());
        await service.AssertLostAsync(account, id, "Kataven:Transactions:IdleLease");
    }

    [Fact]
    public async Task Each_call_begins_the_lease_anew_until_all_of_its_time_is_over()
    {
        var (account, id) = await BeginAsync("used");
        var begun = Stopwatch.GetTimestamp();

        Reply reply;
        do
        {
            await Task.Delay(HastyTransactions.IdleLease / 4, TestContext.Current.CancellationToken);
            reply = await service.TryQueryInAsync(account, id, "select 1");
        }
        while (reply.Status == 200);

        TransactionCalls.AssertLost(reply, "Kataven:Transactions:MaxDuration");
        Assert.InRange(Stopwatch.GetElapsedTime(begun), HastyTransactions.MaxDuration - TimeSpan.FromSeconds(1.5), HastyTransactions.MaxDuration + Promised.Within(seconds: 1));
    }

    [Fact]
    public async Task A_statement_may_take_longer_than_the_lease_and_is_ended_with_the_transaction()
    {
        var (account, id) = await BeginAsync("longer");
        (await service.TryQueryInAsync(account, id, "select pg_sleep(4.5)")).Ok();

        var last = await service.TryQueryInAsync(account, id, "select pg_sleep(25)");

        TransactionCalls.AssertLost(last, "Kataven:Transactions:MaxDuration");
        await Eventually.Async(async () => await service.OpenSessionsAsync(account) == 0, Promised.Within(seconds: 1), "nothing runs");
    }

    [Fact]
    public async Task An_operation_that_holds_the_account_lets_it_end_and_ends_one_that_does_not()
    {
        var (account, id) = await BeginAsync("held");
        var (tenant, holder) = (service.Grains.GetGrain<ITenantGrain>(account), Guid.NewGuid());
        var held = tenant.HoldAsync(holder, TimeSpan.FromSeconds(20));
        Assert.Equal(1, (await service.ScalarInAsync(account, id, "select count(*) from item")).GetInt32());
        var waits = service.TryQueryAsync(account, "select count(*) from item");

        Assert.True(await held);

        Assert.Equal(0, await service.ConnectionsAsync(await service.RoleAsync(account)));
        TransactionCalls.AssertLost(await service.TryQueryInAsync(account, id, "select 1"), "an operation needed the account");
        Assert.False(waits.IsCompleted);
        await tenant.ReleaseAsync(holder, closesConnections: false);
        Assert.Equal(0, (await waits).Ok().GetProperty("rows")[0][0].GetInt32());
        await service.AssertLostAsync(account, id);
    }

    [Fact]
    public async Task One_that_ends_in_time_is_committed_before_the_hold()
    {
        var (account, id) = await BeginAsync("intime");
        var (tenant, holder) = (service.Grains.GetGrain<ITenantGrain>(account), Guid.NewGuid());
        var held = tenant.HoldAsync(holder, TimeSpan.FromSeconds(20));
        await Eventually.Async(async () => await StateAsync(account) == "held", Promised.Within(seconds: 1), "the account is held");
        Assert.False(held.IsCompleted);

        Assert.Equal("committed", (await service.CommitAsync(account, id)).Ok().GetProperty("outcome").GetString());

        Assert.True(await held.WaitAsync(Promised.Within(seconds: 1), TestContext.Current.CancellationToken));
        await tenant.ReleaseAsync(holder, closesConnections: false);
        Assert.Equal(1, (await service.ScalarAsync(account, "select count(*) from item")).GetInt32());
    }

    private async Task<string?> StateAsync(string account) =>
        (await service.AdminClient().CallAsync(HttpMethod.Get, "/api/admin/pools")).Ok().GetProperty("pools").EnumerateArray()
            .Single(pool => pool.GetProperty("account_id").GetString() == account).GetProperty("state").GetString();

    private async Task<(string Account, string Id)> BeginAsync(string name)
    {
        var account = await service.NewAccountAsync(name);
        await service.QueryAsync(account, "create table item (id int primary key)");
        var id = await service.BeginAsync(account);
        await service.QueryInAsync(account, id, "insert into item values (1)");
        return (account, id);
    }
}
