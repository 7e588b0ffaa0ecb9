using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Errors;

/// <summary>What a client hears of a statement whose backend dies under it: nothing, where it only read.</summary>
public sealed class LostBackendTests(ServiceFixture service)
{
    [Fact]
    public async Task A_backend_that_dies_under_a_write_leaves_its_outcome_unknown_and_the_next_call_works()
    {
        var account = await service.NewAccountAsync("dies");
        const string Statement = "do 'begin perform pg_sleep(60); end'";

        var running = service.TryQueryAsync(account, Statement);
        await TerminateAsync(account, Statement);
        var reply = await running;

        Assert.Equal((503, "outcome_unknown"), (reply.Status, reply.Code));
        Assert.Equal(1, (await service.ScalarAsync(account, "select 1")).GetInt32());
    }

    [Fact]
    public async Task A_backend_that_dies_under_a_statement_that_only_reads_is_not_noticed()
    {
        var account = await service.NewAccountAsync("diesreading");

        var running = service.Client(account).PostAsync("/api/query", new { sql = "select 7 from pg_sleep(2)", read_only = true });
        await TerminateAsync(account, "select 7 from pg_sleep(2)");

        Assert.Equal(7, (await running).Ok().GetProperty("rows")[0][0].GetInt32());
    }

    [Theory]
    [InlineData("select v from item, pg_sleep(2)")]
    [InlineData("with a as (select v from item) select a.v from a, pg_sleep(2)")]
    [InlineData("select v, pg_backend_pid(), current_setting('application_name') from item, pg_sleep(2)")]
    public async Task One_of_which_nobody_said_that_it_reads_is_run_again_where_it_can_do_nothing_else(string sql)
    {
        var account = await NewAccountAsync("reads");

        var running = service.TryQueryAsync(account, sql);
        await TerminateAsync(account, sql);

        Assert.Equal("seven", (await running).Ok().GetProperty("rows")[0][0].GetString());
    }

    [Theory]
    [InlineData("select noted(), pg_sleep(2)")]
    [InlineData("select v from noting, pg_sleep(2)")]
    [InlineData("select nextval('numbers'), pg_sleep(2)")]
    public async Task One_that_could_do_more_is_not(string sql)
    {
        var account = await NewAccountAsync("writes");

        var running = service.TryQueryAsync(account, sql);
        await TerminateAsync(account, sql);

        var reply = await running;
        Assert.Equal((503, "outcome_unknown"), (reply.Status, reply.Code));
        Assert.Equal(1, (await service.ScalarAsync(account, "select count(*) from item")).GetInt32());
        Assert.True((await service.ScalarAsync(account, "select last_value from numbers")).GetInt32() <= 1);
    }

    [Fact]
    public async Task One_that_was_said_to_write_is_not_either()
    {
        var account = await NewAccountAsync("said");
        const string Statement = "select v from item, pg_sleep(2)";

        var running = service.Client(account).PostAsync("/api/query", new { sql = Statement, read_only = false });
        await TerminateAsync(account, Statement);

        Assert.Equal("outcome_unknown", (await running).Code);
    }

    private async Task<string> NewAccountAsync(string prefix)
    {
        var account = await service.NewAccountAsync(prefix);
        await service.QueryAsync(account, "create table item as select text 'seven' as v");
        await service.QueryAsync(account, "create sequence numbers");
        await service.QueryAsync(account, "create function noted() returns text language plpgsql as 'begin insert into item values (''noted''); return ''noted''; exception when read_only_sql_transaction then return ''not''; end'");
        await service.QueryAsync(account, "create view noting as select noted() as v");
        return account;
    }

    /// <summary>Ends the backend of the account's statement from outside, as soon as it runs.</summary>
    private Task TerminateAsync(string account, string statement) => Eventually.Async(
        async () => await service.SystemScalarAsync<long>(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = $1 and state = 'active' and query = $2", account, statement) > 0,
        TimeSpan.FromSeconds(10),
        "the statement runs");
}
