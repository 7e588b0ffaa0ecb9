using Kataven.Accounts;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Transactions;

/// <summary>What becomes of the account, or of its connections, ends its transactions.</summary>
public sealed class TransactionLossTests(ServiceFixture service)
{
    private HttpClient Admin => service.AdminClient();

    [Fact]
    public async Task A_suspension_ends_it_and_what_runs_in_it_is_told_why()
    {
        var (account, id) = await BeginAsync("suspended");
        var idle = await service.BeginAsync(account);
        var running = service.TryQueryInAsync(account, id, "select pg_sleep(25)");
        await Eventually.Async(async () => await SleepersAsync(account) == 1, Promised.Within(seconds: 1), "it runs");
        var role = await service.RoleAsync(account);

        (await Admin.CallAsync(HttpMethod.Put, $"/api/admin/accounts/{account}/suspension", "{}")).Ok();

        Assert.Equal(0, await service.ConnectionsAsync(role));
        Assert.Equal((403, "account_inactive"), CodeOf(await running));
        Assert.Equal((403, "account_inactive"), CodeOf(await service.CommitAsync(account, id)));
        Assert.Equal((403, "account_inactive"), CodeOf(await service.TryBeginAsync(account)));
        (await Admin.CallAsync(HttpMethod.Delete, $"/api/admin/accounts/{account}/suspension")).Ok();
        await service.AssertLostAsync(account, id);
        await service.AssertLostAsync(account, idle);
        Assert.Equal(0, await CountAsync(account));
    }

    [Fact]
    public async Task A_backend_that_is_ended_between_two_calls_is_found_at_the_next()
    {
        var (account, id) = await BeginAsync("killed");
        var other = await service.BeginAsync(account);

        await KillAsync(account);

        TransactionCalls.AssertLost(await service.CommitAsync(account, id), "connection to PostgreSQL was lost");
        TransactionCalls.AssertLost(await service.TryQueryInAsync(account, other, "select 1"), "connection to PostgreSQL was lost");
        await service.AssertLostAsync(account, other);
        Assert.Equal(0, await CountAsync(account));
    }

    [Fact]
    public async Task A_backend_that_is_ended_in_the_middle_of_a_statement_loses_it()
    {
        var (account, id) = await BeginAsync("cut");
        var running = service.TryQueryInAsync(account, id, "select pg_sleep(25)");
        await Eventually.Async(async () => await SleepersAsync(account) == 1, Promised.Within(seconds: 1), "it runs");

        await KillAsync(account);

        TransactionCalls.AssertLost(await running, "connection to PostgreSQL was lost");
        await service.AssertLostAsync(account, id);
    }

    [Fact]
    public async Task A_backend_that_is_ended_in_the_middle_of_the_commit_leaves_its_outcome_unknown()
    {
        var account = await SlowCommitAsync("unknown");
        var id = await service.BeginAsync(account);
        await service.QueryInAsync(account, id, "insert into slow values (1)");
        var commit = service.CommitAsync(account, id);
        await Eventually.Async(async () => await CommittingAsync(account) == 1, Promised.Within(seconds: 1), "it commits");

        await KillAsync(account);

        Assert.Equal((503, "outcome_unknown"), CodeOf(await commit));
        await service.AssertLostAsync(account, id, "while the transaction was committed");
    }

    [Fact]
    public async Task A_commit_that_takes_too_long_is_rolled_back_and_says_so()
    {
        var account = await SlowCommitAsync("overtime", new AccountLimits { StatementTimeoutMs = 2_000 });
        var id = await service.BeginAsync(account);
        await service.QueryInAsync(account, id, "insert into slow values (1)");

        Assert.Equal((504, "query_timeout"), CodeOf(await service.CommitAsync(account, id)));

        await service.AssertLostAsync(account, id, "when it was to be committed");
        Assert.Equal(0, (await service.ScalarAsync(account, "select count(*) from slow")).GetInt32());
    }

    [Fact]
    public async Task A_pool_that_is_closed_waits_for_it()
    {
        var (account, id) = await BeginAsync("closed");
        var closing = Admin.CallAsync(HttpMethod.Delete, $"/api/admin/pools/{account}");

        Assert.Equal(1, (await service.ScalarInAsync(account, id, "select count(*) from item")).GetInt32());
        Assert.False(closing.IsCompleted);
        (await service.CommitAsync(account, id)).Ok();

        Assert.Equal(204, (await closing).Status);
        Assert.Equal(1, await CountAsync(account));
    }

    [Fact]
    public async Task Of_those_beyond_a_lowered_limit_the_ones_that_were_not_used_for_longest_end()
    {
        var (account, first) = await BeginAsync("lowered");
        var second = await service.BeginAsync(account);
        await service.QueryInAsync(account, first, "select 1");

        (await Admin.CallAsync(HttpMethod.Patch, $"/api/admin/accounts/{account}", new { limits = new { max_lanes = 2 } })).Ok();

        await Eventually.Async(async () => await service.OpenSessionsAsync(account) == 1, Promised.Within(seconds: 1), "one is left");
        await service.AssertLostAsync(account, second, "max_lanes");
        (await service.CommitAsync(account, first)).Ok();
    }

    [Fact]
    public async Task As_many_as_are_allowed_leave_lanes_for_other_requests_and_the_next_one_waits()
    {
        var account = await service.NewAccountAsync("many", new AccountLimits { MaxLanes = 3, WaitTimeoutMs = 2_000 });
        string[] open = [await service.BeginAsync(account), await service.BeginAsync(account)];

        var refused = await service.TryBeginAsync(account);
        Assert.Equal((503, "overloaded"), CodeOf(refused));
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.Contains("Kataven:Transactions:MaxOpen", refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.All(await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.TryQueryAsync(account, "select 1"))), reply => reply.Ok());

        var waiting = service.TryBeginAsync(account);
        (await service.CommitAsync(account, open[0])).Ok();
        Assert.Equal(201, (await waiting).Status);
    }

    [Fact]
    public async Task Fifty_at_once_over_accounts_with_few_lanes_all_come_to_their_end()
    {
        var accounts = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            accounts.Add(await service.NewAccountAsync("fifty", new AccountLimits { MaxLanes = 2, WaitTimeoutMs = 30_000 }));
            await service.QueryAsync(accounts[i], "create table item (id int primary key)");
        }

        await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            var account = accounts[i % 5];
            var id = await service.BeginAsync(account);
            await service.QueryInAsync(account, id, "insert into item values ($1)", i);
            await service.QueryAsync(account, "select 1");
            (await (i % 2 == 0 ? service.CommitAsync(account, id) : service.RollBackAsync(account, id))).Ok();
        }));

        foreach (var account in accounts)
        {
            Assert.Equal(5, await CountAsync(account));
            // The lane of the count is made anew behind its answer, which is a transaction too.
            await Eventually.Async(async () => await service.OpenSessionsAsync(account) == 0, TimeSpan.FromSeconds(5), "none is left");
        }
    }

    /// <summary>A table whose rows take five seconds to commit.</summary>
    private async Task<string> SlowCommitAsync(string name, AccountLimits? limits = null)
    {
        var account = await service.NewAccountAsync(name, limits);
        await service.QueryAsync(account, "create table slow (id int primary key)");
        await service.QueryAsync(account, "create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(5); return null; end $$");
        await service.QueryAsync(account, "create constraint trigger slow after insert on slow deferrable initially deferred for each row execute function slow()");
        return account;
    }

    private async Task<(string Account, string Id)> BeginAsync(string name)
    {
        var account = await service.NewAccountAsync(name);
        await service.QueryAsync(account, "create table item (id int primary key)");
        var id = await service.BeginAsync(account);
        await service.QueryInAsync(account, id, "insert into item values (1)");
        return (account, id);
    }

    private async Task<int> CountAsync(string account) => (await service.ScalarAsync(account, "select count(*) from item")).GetInt32();

    private Task<long> KillAsync(string account) => service.SystemScalarAsync<long>(
        "select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity where datname = $1 and application_name = 'kataven' and xact_start is not null", account);

    private Task<long> CommittingAsync(string account) => service.SystemScalarAsync<long>(
        "select count(*) from pg_stat_activity where datname = $1 and state = 'active' and query = 'COMMIT'", account);

    private Task<long> SleepersAsync(string account) => service.SystemScalarAsync<long>(
        "select count(*) from pg_stat_activity where datname = $1 and state = 'active' and query like '%pg_sleep%'", account);

    private static (int Status, string? Code) CodeOf(Reply reply) => (reply.Status, reply.Code);
}
