using Kataven.Accounts;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Queries;

/// <summary>Nothing that a statement does to its session is seen by a later call: the accounts here have one lane.</summary>
public sealed class SessionTests(ServiceFixture service)
{
    public static TheoryData<string, string> Traces => new()
    {
        { "set work_mem to '77MB'", "select current_setting('work_mem') = '77MB'" },
        { "set search_path to pg_catalog", "select current_setting('search_path') = 'pg_catalog'" },
        { "select set_config('my.secret', 'x', false)", "select coalesce(current_setting('my.secret', true), '') <> ''" },
        { "select set_config('DateStyle', 'German', false)", "select current_setting('DateStyle') like 'German%'" },
        { "set TimeZone to 'Asia/Tokyo'", "select current_setting('TimeZone') <> 'UTC'" },
        { "set session characteristics as transaction read only", "select current_setting('transaction_read_only')::bool" },
        { "set session characteristics as transaction isolation level serializable", "select current_setting('transaction_isolation') = 'serializable'" },
        { "set client_encoding to latin1", "select current_setting('client_encoding') <> 'UTF8'" },
        { "set statement_timeout to 12345", "select current_setting('statement_timeout') = '12345ms'" },
        { "create temp table leaked (id int)", "select to_regclass('pg_temp.leaked') is not null" },
        { "listen leaked", "select count(*) > 0 from pg_listening_channels()" },
        { "prepare leaked as select 1", "select count(*) > 0 from pg_prepared_statements where name = 'leaked'" },
        { "declare leaked cursor with hold for select 1", "select count(*) > 0 from pg_cursors where name = 'leaked'" },
        { "begin", "select pg_current_xact_id_if_assigned() is not null" },
        { "set role none", "select current_user <> session_user" },
        { "do $$ begin perform set_config('role', session_user, false); end $$", "select current_setting('role') <> 'none'" },
        { "do $$ begin create temp table hidden (id int); execute 'prepare hidden as select 1'; end $$", "select to_regclass('pg_temp.hidden') is not null or exists (select from pg_prepared_statements where name = 'hidden')" },
    };

    [Theory]
    [MemberData(nameof(Traces), DisableDiscoveryEnumeration = true)]
    public async Task No_trace_is_left(string sql, string seen)
    {
        var account = await AccountAsync();

        await service.QueryAsync(account, sql);

        Assert.False((await service.ScalarAsync(account, seen)).GetBoolean());
    }

    [Fact]
    public async Task A_seed_is_not_handed_on()
    {
        var account = await AccountAsync();
        var numbers = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            await service.QueryAsync(account, "select setseed(0.5)");
            numbers.Add((await service.ScalarAsync(account, "select random()")).GetRawText());
        }

        Assert.Equal(2, numbers.Distinct().Count());
    }

    [Fact]
    public async Task An_open_transaction_of_a_call_writes_nothing()
    {
        var account = await AccountAsync();
        await service.QueryAsync(account, "create table if not exists written (id int)");

        await service.QueryAsync(account, "begin");
        await service.QueryAsync(account, "insert into written values (1)");
        await service.QueryAsync(account, "rollback");

        Assert.Equal(1, (await service.ScalarAsync(account, "select count(*) from written")).GetInt32());
    }

    [Fact]
    public async Task A_setting_inside_a_transaction_does_not_garble_its_answers()
    {
        var account = await AccountAsync();

        var reply = await service.Client(account).PostAsync(
            "/api/transaction", new { statements = new[] { new { sql = "set local client_encoding to latin1" }, new { sql = "select 'é'" } } });

        if (reply.Status == 200)
        {
            Assert.Equal("é", reply.Json.GetProperty("results")[1].GetProperty("rows")[0][0].GetString());
        }

        Assert.InRange(reply.Status, 200, 499);
        Assert.Equal("é", (await service.ScalarAsync(account, "select 'é'")).GetString());
    }

    [Theory]
    [InlineData("select pg_advisory_lock(1)")]
    [InlineData("select pg_try_advisory_xact_lock(1)")]
    public async Task Advisory_locks_are_not_available(string sql)
    {
        var reply = await service.TryQueryAsync(await AccountAsync(), sql);

        Assert.Equal((403, "sql_error", "42501"), (reply.Status, reply.Code, reply.SqlState));
    }

    private Task<string> AccountAsync() => Shared.Value;

    private Lazy<Task<string>> Shared => s_shared ??= new(() => service.NewAccountAsync("session", new AccountLimits { MaxLanes = 1 }));

    private static Lazy<Task<string>>? s_shared;
}
