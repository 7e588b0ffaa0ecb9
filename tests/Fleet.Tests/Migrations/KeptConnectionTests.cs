using Kataven.Fleet.Tests.Operations;
using Kataven.Testing;

namespace Kataven.Fleet.Tests.Migrations;

/// <summary>A script with a transaction runs while requests wait and connections stay open: none of them shows what was before it.</summary>
[Collection(FleetCollection.Name)]
public sealed class KeptConnectionTests(FleetService service)
{
    private const string Read = "select t.loud from thing t";

    [Fact]
    public async Task Requests_after_a_script_run_on_the_connections_of_before()
    {
        var slug = await service.NewAtAsync(2, "one");
        await Eventually.Async(
            async () => (await service.PoolAsync(slug))!.Value.GetProperty("lanes_busy").GetInt32() == 0, Promised.Within(seconds: 2), "every connection is idle");
        var processes = await ProcessesAsync(slug);

        (await service.MigrateAsync(slug, new { target = 3 })).Ok();

        Assert.NotEmpty(processes);
        Assert.Equal(processes, await ProcessesAsync(slug));
        Assert.Contains((await service.ScalarAsync(slug, "select pg_backend_pid()")).GetInt32(), processes);
    }

    [Fact]
    public async Task A_script_that_changes_what_the_roles_sessions_begin_with_is_in_force_for_the_next_request()
    {
        var slug = await service.NewAtAsync(2, "one");
        var processes = await ProcessesAsync(slug);
        await HaveTheScriptRunAsync(slug, "alter role current_user set work_mem = ''3MB''");

        (await service.MigrateAsync(slug, new { target = 3 })).Ok();

        Assert.Equal("3MB", (await service.ScalarAsync(slug, "select current_setting('work_mem')")).GetString());
        Assert.NotEmpty(processes);
        Assert.Empty(processes.Intersect(await ProcessesAsync(slug)));
    }

    /// <summary>A text that the fast lane took on as a column's means a function's call now, whose effect would be lost there.</summary>
    [Fact]
    public async Task A_function_that_a_script_makes_is_called_where_it_has_its_effect()
    {
        const int calls = 4;
        var slug = await service.NewAtAsync(2, "one");
        await service.QueryAsync(slug, "create table heard (n int)");
        await service.QueryAsync(slug, "create table thing (id int, loud int)");
        await service.QueryAsync(slug, "insert into thing values (1, 1)");
        await HaveTheScriptRunAsync(
            slug,
            "alter table thing drop column loud",
            "create function loud(thing) returns int language plpgsql as $f$begin insert into heard values (1); return 1; exception when read_only_sql_transaction then return 1; end$f$");
        await ReadUntilOnTheFastLaneAsync(slug);

        (await service.MigrateAsync(slug, new { target = 3 })).Ok();

        for (var i = 0; i < calls; i++)
        {
            await service.QueryAsync(slug, Read);
        }

        Assert.Equal(calls, (await service.ScalarAsync(slug, "select count(*) from heard")).GetInt32());
    }

    /// <summary>PostgreSQL's processes of the account's connections.</summary>
    private Task<int[]> ProcessesAsync(string slug) => service.SystemScalarAsync<int[]>(
        "SELECT coalesce(array_agg(pid ORDER BY pid), '{}') FROM pg_stat_activity WHERE datname = $1 AND usename LIKE 't\\_%'", slug);

    /// <summary>Version 3 reads <c>pace</c>, which is a view here that calls this.</summary>
    private async Task HaveTheScriptRunAsync(string slug, params string[] statements)
    {
        await service.QueryAsync(slug, "drop table pace");
        await service.QueryAsync(
            slug,
            "create function act() returns float8 language plpgsql as $act$begin " + string.Concat(statements.Select(sql => $"execute '{sql}'; ")) + "return 0; end$act$");
        await service.QueryAsync(slug, "create view pace as select act() as seconds");
    }

    /// <summary>Another lane is reset after each statement, at once: the last that it ran is not this one.</summary>
    private async Task ReadUntilOnTheFastLaneAsync(string slug) => await Eventually.Async(
        async () =>
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => service.QueryAsync(slug, Read)));
            return await service.SystemScalarAsync<bool>(
                "SELECT EXISTS (SELECT FROM pg_stat_activity, pg_sleep(0.2) WHERE datname = $1 AND state = 'idle' AND query = $2)", slug, Read);
        },
        Promised.Within(seconds: 10),
        "the account reads so much that the fast lane is open");
}
