using System.Globalization;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Transactions;

/// <summary>A transaction whose statements are calls of their own.</summary>
public sealed class InteractiveTransactionTests(ServiceFixture service)
{
    [Fact]
    public async Task What_it_writes_is_seen_by_itself_at_once_and_by_others_after_its_commit()
    {
        var account = await TableAsync("seen");
        var before = TimeProvider.System.GetUtcNow();
        var begun = await service.TryBeginAsync(account, new { });
        var id = begun.Json.GetProperty("transaction_id").GetString()!;
        Assert.Equal(201, begun.Status);
        Assert.InRange(begun.Json.GetProperty("expires_at").GetDateTimeOffset(), before.AddSeconds(25), TimeProvider.System.GetUtcNow().AddSeconds(31));

        var written = await service.QueryInAsync(account, id, "insert into seen values ($1) returning id", 7);

        Assert.Equal("""{"command":"INSERT","row_count":1,"columns":[{"name":"id","type":"integer"}],"rows":[[7]]}""", written.GetRawText());
        Assert.Equal(1, (await service.ScalarInAsync(account, id, "select count(*) from seen")).GetInt32());
        Assert.Equal(0, (await service.ScalarAsync(account, "select count(*) from seen")).GetInt32());
        Assert.Equal($$"""{"transaction_id":"{{id}}","outcome":"committed"}""", (await service.CommitAsync(account, id)).Ok().GetRawText());
        Assert.Equal(1, (await service.ScalarAsync(account, "select count(*) from seen")).GetInt32());
        await service.AssertLostAsync(account, id, "committed");
    }

    [Fact]
    public async Task Of_one_that_is_rolled_back_nothing_is_left_and_its_locks_are_gone_with_the_answer()
    {
        var account = await TableAsync("undone");
        var id = await service.BeginAsync(account);
        await service.QueryInAsync(account, id, "insert into undone values (1)");
        await service.QueryInAsync(account, id, "lock table undone in access exclusive mode");

        Assert.Equal($$"""{"transaction_id":"{{id}}","outcome":"rolled_back"}""", (await service.RollBackAsync(account, id)).Ok().GetRawText());

        await service.AssertNotLockedAsync(account, "undone");
        Assert.Equal(0, (await service.ScalarAsync(account, "select count(*) from undone")).GetInt32());
        await service.AssertLostAsync(account, id, "rolled back, as was asked for");
    }

    [Theory]
    [InlineData(null, false, "read committed", "off")]
    [InlineData("read_committed", false, "read committed", "off")]
    [InlineData("repeatable_read", false, "repeatable read", "off")]
    [InlineData("serializable", true, "serializable", "on")]
    public async Task It_has_the_level_that_was_asked_for(string? level, bool readOnly, string isolation, string isReadOnly)
    {
        var account = await service.AccountOfAsync<InteractiveTransactionTests>();
        var id = await service.BeginAsync(account, level is null ? null : new { isolation_level = level, read_only = readOnly });

        Assert.Equal(isolation, (await service.ScalarInAsync(account, id, "show transaction_isolation")).GetString());
        Assert.Equal(isReadOnly, (await service.ScalarInAsync(account, id, "show transaction_read_only")).GetString());
        (await service.RollBackAsync(account, id)).Ok();
    }

    [Fact]
    public async Task A_repeatable_read_sees_what_was_there_when_it_began()
    {
        var account = await TableAsync("snapshot");
        var id = await service.BeginAsync(account, new { isolation_level = "repeatable_read" });
        Assert.Equal(0, (await service.ScalarInAsync(account, id, "select count(*) from snapshot")).GetInt32());

        await service.QueryAsync(account, "insert into snapshot values (1)");

        Assert.Equal(0, (await service.ScalarInAsync(account, id, "select count(*) from snapshot")).GetInt32());
        (await service.CommitAsync(account, id)).Ok();
    }

    [Fact]
    public async Task One_that_only_reads_may_not_write_and_neither_may_a_statement_that_says_so()
    {
        var account = await TableAsync("reads");
        var reading = await service.BeginAsync(account, new { read_only = true });
        Assert.Equal((403, "25006"), StateOf(await service.TryQueryInAsync(account, reading, "insert into reads values (1)")));
        (await service.RollBackAsync(account, reading)).Ok();

        var writing = await service.BeginAsync(account);
        await service.QueryInAsync(account, writing, "insert into reads values (2)");
        Assert.Equal("[[2]]", (await ReadOnlyAsync(account, writing, "select id from reads")).Ok().GetProperty("rows").GetRawText());
        await service.QueryInAsync(account, writing, "insert into reads values (3)");
        await service.QueryInAsync(account, writing, "savepoint before");
        Assert.Equal((403, "25006"), StateOf(await ReadOnlyAsync(account, writing, "insert into reads values (4)")));
        (await ReadOnlyAsync(account, writing, "rollback to before")).Ok();
        (await service.CommitAsync(account, writing)).Ok();
        Assert.Equal("[2, 3]", (await service.ScalarAsync(account, "select jsonb_agg(id order by id) from reads")).GetRawText());
    }

    [Fact]
    public async Task Nothing_of_its_session_is_left_for_later_calls()
    {
        var account = await service.NewAccountAsync("clean", new Accounts.AccountLimits { MaxLanes = 1 });
        var id = await service.BeginAsync(account);
        var backend = await service.ScalarInAsync(account, id, "select pg_backend_pid()");
        await service.QueryInAsync(account, id, "create temporary table mine as select 1");
        await service.QueryInAsync(account, id, "set search_path to nowhere");
        await service.QueryInAsync(account, id, "prepare mine as select 1");
        await service.QueryInAsync(account, id, "declare mine cursor with hold for select 1");
        (await service.CommitAsync(account, id)).Ok();

        Assert.Equal(backend.GetInt32(), (await service.ScalarAsync(account, "select pg_backend_pid()")).GetInt32());
        Assert.Equal("\"$user\", public", (await service.ScalarAsync(account, "show search_path")).GetString());
        Assert.Equal(
            "[false, 0, 0]",
            (await service.ScalarAsync(
                account,
                "select jsonb_build_array(to_regclass('pg_temp.mine') is not null, (select count(*) from pg_prepared_statements where name = 'mine'), (select count(*) from pg_cursors where name = 'mine'))")).GetRawText());
        Assert.Equal("60s", (await service.ScalarAsync(account, "select current_setting('idle_in_transaction_session_timeout')")).GetString()!.Replace("1min", "60s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_it_defines_is_there_for_everybody_after_its_commit()
    {
        var account = await service.NewAccountAsync("defines");
        await service.QueryAsync(account, "create table item (id int primary key)");
        var id = await service.BeginAsync(account);
        await service.QueryInAsync(account, id, "alter table item add column name text");
        await service.QueryInAsync(account, id, "create type mood as enum ('ok')");
        Assert.Equal("mood", (await service.QueryInAsync(account, id, "select 'ok'::mood as m")).GetProperty("columns")[0].GetProperty("type").GetString());
        (await service.CommitAsync(account, id)).Ok();

        Assert.Equal("mood", (await service.QueryAsync(account, "select 'ok'::mood as m")).GetProperty("columns")[0].GetProperty("type").GetString());
        Assert.Equal("name", (await service.QueryAsync(account, "select * from item")).GetProperty("columns")[1].GetProperty("name").GetString());
    }

    [Fact]
    public async Task Calls_that_come_at_one_time_take_turns_in_their_order()
    {
        var account = await TableAsync("turns");
        var id = await service.BeginAsync(account);
        var first = service.TryQueryInAsync(account, id, "insert into turns select 1 from pg_sleep(1)");
        await Testing.Eventually.Async(
            async () => await service.SystemScalarAsync<long>("select count(*) from pg_stat_activity where datname = $1 and state = 'active' and query like '%pg_sleep(1)%'", account) == 1,
            Testing.Promised.Within(seconds: 1),
            "it runs");

        var others = await Task.WhenAll(Enumerable.Range(2, 20).Select(i => service.TryQueryInAsync(account, id, "insert into turns values ($1)", i)));

        (await first).Ok();
        Assert.All(others, reply => reply.Ok());
        (await service.CommitAsync(account, id)).Ok();
        Assert.Equal(21, (await service.ScalarAsync(account, "select count(*) from turns")).GetInt32());
    }

    [Fact]
    public async Task Each_answer_says_until_when_it_lasts()
    {
        var account = await service.AccountOfAsync<InteractiveTransactionTests>();
        var id = await service.BeginAsync(account);

        var before = TimeProvider.System.GetUtcNow();
        var done = await service.TryQueryInAsync(account, id, "select 1");
        var failed = await service.TryQueryInAsync(account, id, "select 1/0");

        foreach (var reply in new[] { done, failed })
        {
            var expires = DateTimeOffset.Parse(Assert.Single(reply.Headers.GetValues("Transaction-Expires-At")), CultureInfo.InvariantCulture);
            Assert.InRange(expires, before.AddSeconds(29), TimeProvider.System.GetUtcNow().AddSeconds(31));
        }

        Assert.False((await service.RollBackAsync(account, id)).Headers.Contains("Transaction-Expires-At"));
    }

    private Task<Reply> ReadOnlyAsync(string account, string id, string sql) =>
        service.Client(account).PostAsync($"/api/transactions/{id}/query", new { sql, read_only = true });

    private static (int Status, string? State) StateOf(Reply reply) => (reply.Status, reply.SqlState);

    private async Task<string> TableAsync(string name)
    {
        var account = await service.NewAccountAsync(name);
        await service.QueryAsync(account, $"create table {name} (id int primary key)");
        return account;
    }
}
