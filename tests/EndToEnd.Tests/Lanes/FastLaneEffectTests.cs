using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Lanes;

/// <summary>
/// Statements that look as if they only read, and do more: each effect happens once for each call, and none is seen by a later
/// call, whichever lane that takes.
/// </summary>
[Collection(FastLaneCollection.Name)]
public sealed class FastLaneEffectTests(FastService service)
{
    private const int Calls = 4;

    /// <summary>Writes a line where it can, and passes over it where it cannot.</summary>
    private const string Noisy = """
        create function noisy() returns int language plpgsql as
        'begin insert into heard values (1); return 1; exception when read_only_sql_transaction then return 1; end'
        """;

    public static TheoryData<string, string[], string, string> Counted => new()
    {
        { "a sequence", ["create sequence s"], "select nextval('s')", "select last_value from s" },
        { "a large object", [], "select lo_create(0) > 0", "select count(*) from pg_largeobject_metadata" },
        { "a large object of bytes", [], "select lo_from_bytea(0, 'x') > 0", "select count(*) from pg_largeobject_metadata" },
        { "a function", [Noisy], "select noisy()", "select count(*) from heard" },
        { "a function in quotes", [Noisy], "select public.\"noisy\"()", "select count(*) from heard" },
        { "a function that says it is stable", [Noisy, "create function calm() returns int stable language plpgsql as 'begin return noisy(); end'"], "select calm()", "select count(*) from heard" },
        { "a view", [Noisy, "create view v as select noisy() as n"], "select n from v", "select count(*) from heard" },
        { "a view of a view", [Noisy, "create view w as select noisy() as n", "create view v as select * from w"], "table v", "select count(*) from heard" },
        { "a view of a built-in function", ["create view v as select lo_create(0) as n"], "select n > 0 from v", "select count(*) from pg_largeobject_metadata" },
        { "an operator", [Noisy, "create function op(int, int) returns int language plpgsql as 'begin return noisy(); end'", "create operator <~> (leftarg = int, rightarg = int, function = op)"], "select 1 <~> 2", "select count(*) from heard" },
        { "a cast", [Noisy, "create type kind as (n int)", "create function cast_kind(kind) returns int language plpgsql as 'begin return noisy(); end'", "create cast (kind as int) with function cast_kind(kind)"], "select row(1)::kind::int", "select count(*) from heard" },
        { "a domain", [Noisy, "create function ok(int) returns boolean language plpgsql as 'begin return noisy() = 1; end'", "create domain d as int check (ok(value))"], "select '1'::d", "select count(*) from heard" },
        { "a domain in a type", [Noisy, "create function ok(int) returns boolean language plpgsql as 'begin return noisy() = 1; end'", "create domain d as int check (ok(value))", "create type c as (n d)"], "select '(1)'::c", "select count(*) from heard" },
        { "an aggregate", [Noisy, "create function step(int, int) returns int language plpgsql as 'begin return noisy(); end'", "create aggregate total(int) (sfunc = step, stype = int)"], "select total(1)", "select count(*) from heard" },
        { "a function called like a column", [Noisy, "create table item (id int)", "insert into item values (1)", "create function loud(item) returns int language plpgsql as 'begin return noisy(); end'"], "select i.loud from item i", "select count(*) from heard" },
        { "a query as a text", [Noisy], "select query_to_xml('select noisy()', true, true, '') is not null", "select count(*) from heard" },
        { "a view as a text", [Noisy, "create view v as select noisy() as n"], "select table_to_xml('v', true, true, '') is not null", "select count(*) from heard" },
        { "a row lock", ["create table item (id int, locked int default 0)", "insert into item values (1)"], "select id from item for update", "select 4" },
        { "a write behind WITH", [], "with w as (insert into heard values (1) returning 1) select * from w", "select count(*) from heard" },
    };

    [Theory]
    [MemberData(nameof(Counted), DisableDiscoveryEnumeration = true)]
    public async Task Each_call_has_its_effect(string name, string[] setup, string sql, string counted)
    {
        Assert.NotEmpty(name);
        var account = await service.NewAccountAsync("effect");
        await service.QueryAsync(account, "create table heard (n int)");
        foreach (var statement in setup)
        {
            await service.QueryAsync(account, statement);
        }

        await WarmAsync(account);
        for (var i = 0; i < Calls; i++)
        {
            await service.QueryAsync(account, sql);
            await WarmAsync(account);
        }

        Assert.Equal(Calls, (await service.ScalarAsync(account, counted)).GetInt64());
    }

    public static TheoryData<string, string[], string> Settings => new()
    {
        { "set_config", [], "select set_config('TimeZone', 'Asia/Tokyo', false)" },
        { "set_config in a view", ["create view v as select set_config('TimeZone', 'Asia/Tokyo', false)"], "table v" },
        { "set_config in a function", ["create function f() returns text language sql as $$select set_config('TimeZone', 'Asia/Tokyo', false)$$"], "select f()" },
        { "set_config in a stable function", ["create function f() returns text stable language plpgsql as $$begin perform set_config('TimeZone', 'Asia/Tokyo', false); return ''; end$$"], "select f()" },
        { "the seed", [], "select setseed(0.5)" },
        { "a prepared statement", ["create function f() returns int language plpgsql as $$begin execute 'deallocate all'; return 1; end$$"], "select f()" },
        { "a temporary table", ["create function f() returns int language plpgsql as $$begin create temp table item (id int); return 1; exception when others then return 1; end$$"], "select f()" },
        { "a cursor", ["create function f() returns int language plpgsql as $$begin execute 'declare c cursor with hold for select 1'; return 1; exception when others then return 1; end$$"], "select f()" },
    };

    [Theory]
    [MemberData(nameof(Settings), DisableDiscoveryEnumeration = true)]
    public async Task No_call_leaves_anything_to_the_next(string name, string[] setup, string sql)
    {
        Assert.NotEmpty(name);
        var account = await service.NewAccountAsync("leak");
        await service.QueryAsync(account, "create table item (id int)");
        await service.QueryAsync(account, "insert into item values (1)");
        foreach (var statement in setup)
        {
            await service.QueryAsync(account, statement);
        }

        await WarmAsync(account);
        var numbers = new HashSet<string>();
        for (var i = 0; i < Calls; i++)
        {
            await Task.WhenAll(service.TryQueryAsync(account, sql), service.TryQueryAsync(account, "select 1 from item"));
            Assert.Equal("2024-01-01 00:00:00+00", (await service.ScalarAsync(account, "select (timestamptz '2024-01-01 00:00+00')::text")).GetString());
            Assert.Equal(1, (await service.ScalarAsync(account, "select count(*) from item")).GetInt32());
            Assert.True(numbers.Add((await service.ScalarAsync(account, "select random()")).GetRawText()));
        }
    }

    [Fact]
    public async Task What_a_session_tells_of_itself_is_told_by_a_lane_of_its_own()
    {
        var account = await service.AccountOfAsync<FastLaneEffectTests>();
        for (var i = 0; i < Calls; i++)
        {
            await WarmAsync(account);
            Assert.Equal("off", (await service.ScalarAsync(account, "select current_setting('transaction_read_only')")).GetString());
            Assert.Equal("off", (await service.ScalarAsync(account, "select setting from pg_settings where name = 'transaction_read_only'")).GetString());
            Assert.Equal(0, (await service.ScalarAsync(account, "select count(*) from pg_prepared_statements")).GetInt32());
        }
    }

    [Fact]
    public async Task A_function_that_is_defined_while_others_read_is_run_and_not_shared()
    {
        var account = await service.NewAccountAsync("define");
        await service.QueryAsync(account, "create table heard (n int)");
        await service.QueryAsync(account, "create view v as select 1 as n");
        await WarmAsync(account);
        await service.QueryAsync(account, "select n from v");
        await service.QueryAsync(account, "select n from v");
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 8).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                await service.QueryAsync(account, "select 1 + 1");
            }
        }).ToList();

        await service.QueryAsync(account, Noisy);
        await service.QueryAsync(account, "create or replace view v as select noisy() as n");
        for (var i = 0; i < Calls; i++)
        {
            await service.QueryAsync(account, "select n from v");
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Equal(Calls, (await service.ScalarAsync(account, "select count(*) from heard")).GetInt64());
    }

    /// <summary>Enough reads for the account's code to be known, and its fast lane to be open.</summary>
    [Fact]
    public async Task An_account_that_is_asked_now_and_then_has_one_connection()
    {
        var account = await service.NewAccountAsync("seldom");
        for (var i = 0; i < 3; i++)
        {
            await service.QueryAsync(account, "select 1");
            await Eventually.Async(async () => await BusyLanesAsync(account) == 0, Promised.Within(seconds: 5), "its only lane is idle again");
        }
    }

    /// <summary>Of the one that is open.</summary>
    private async Task<int> BusyLanesAsync(string account)
    {
        var pools = (await service.AdminClient().CallAsync(HttpMethod.Get, "/api/admin/pools")).Ok().GetProperty("pools");
        var pool = pools.EnumerateArray().Single(pool => pool.GetProperty("account_id").GetString() == account);
        Assert.Equal(1, pool.GetProperty("lanes_open").GetInt32());
        return pool.GetProperty("lanes_busy").GetInt32();
    }

    private async Task WarmAsync(string account)
    {
        // A few until its code is looked at, and sixteen that could have shared the lane.
        for (var i = 0; i < 40; i++)
        {
            await service.QueryAsync(account, "select 1");
        }
    }
}
