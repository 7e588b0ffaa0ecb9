using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Idempotency;

/// <summary>The first answer is kept with the write, and a repeat gets it and runs nothing.</summary>
public sealed class ReplayTests(ServiceFixture service)
{
    [Theory]
    [InlineData("""{"sql":"insert into item (name) values ($1) returning *","params":["one"]}""")]
    [InlineData("""{"sql":"insert into item (name) values ('é🐘 \" \\ ')"}""")]
    [InlineData("""{"sql":"insert into item (name) select 'n' || n from generate_series(1, $1::int) n returning id, name","params":[500],"row_mode":"object","numbers":"string"}""")]
    [InlineData("""{"sql":"select set_config('a.b', 'c', false), now(), random()"}""")]
    [InlineData("""{"sql":"insert into item (name) select * from unnest($1::text[]) returning name","params":[["a","b"]]}""")]
    public async Task A_repeat_of_a_query_gets_the_same_bytes_and_runs_nothing(string body)
    {
        var account = await service.NewWithItemsAsync("replay");
        var key = KeyedCalls.NewKey();

        var first = await service.PostOnceAsync(account, key, body);
        var items = await service.ItemsAsync(account);
        var second = await service.PostOnceAsync(account, key, body);

        Assert.Equal((200, null), (first.Status, first.Replayed()));
        Assert.Equal((200, "true", "application/json"), (second.Status, second.Replayed(), second.ContentType));
        Assert.Equal(first.Text, second.Text);
        Assert.Equal(items, await service.ItemsAsync(account));
        Assert.Equal(1, await service.KeysAsync(account));
    }

    [Theory]
    [InlineData("read_committed")]
    [InlineData("repeatable_read")]
    [InlineData("serializable")]
    public async Task A_repeat_of_a_transaction_does_too(string level)
    {
        var account = await service.NewWithItemsAsync("replay");
        var key = KeyedCalls.NewKey();
        var body = new
        {
            statements = new object[]
            {
                new { sql = "insert into item (name) values ($1) returning id", @params = new[] { "one" } },
                new { sql = "insert into item (name) select * from unnest($1::text[])", @params = new[] { new[] { "two", "three" } } },
                new { sql = "select id, name from item order by id" },
                new { sql = "show transaction_isolation" },
            },
            isolation_level = level,
        };

        var first = await service.TransactionOnceAsync(account, key, body);
        var second = await service.TransactionOnceAsync(account, key, body);

        Assert.Equal(level.Replace('_', ' '), first.Ok().GetProperty("results")[3].GetProperty("rows")[0][0].GetString());
        Assert.Equal((200, "true"), (second.Status, second.Replayed()));
        Assert.Equal(first.Text, second.Text);
        Assert.Equal(3, await service.ItemsAsync(account));
    }

    [Theory]
    [InlineData("""{"sql":"insert into item (name) values ('other')","params":[]}""")]
    [InlineData("""{"sql":"insert into item (name) values ($1)","params":["b"]}""")]
    [InlineData("""{"sql":"insert into item (name) values ($1)","params":["a","a"]}""")]
    [InlineData("""{"sql":"insert into item (name) values ($1)","params":[["a"]]}""")]
    [InlineData("""{"sql":"insert into item (name) values ($1)","params":["a"],"row_mode":"object"}""")]
    [InlineData("""{"sql":"insert into item (name) values ($1)","params":["a"],"numbers":"string"}""")]
    [InlineData("""{"sql":"no SQL at all $1 $2"}""")]
    public async Task A_key_with_another_request_is_a_conflict_and_runs_nothing(string other)
    {
        var account = await service.NewWithItemsAsync("conflict");
        var key = KeyedCalls.NewKey();
        (await service.PostOnceAsync(account, key, """{"sql":"insert into item (name) values ($1)","params":["a"]}""")).Ok();

        var reply = await service.PostOnceAsync(account, key, other);

        Assert.Equal((422, "idempotency_conflict"), (reply.Status, reply.Code));
        Assert.Equal(1, await service.ItemsAsync(account));
    }

    [Fact]
    public async Task The_same_statement_as_a_transaction_or_at_another_isolation_level_is_another_request()
    {
        var account = await service.NewWithItemsAsync("conflict");
        var key = KeyedCalls.NewKey();
        (await service.QueryOnceAsync(account, key, "insert into item (name) values ('a')")).Ok();
        var statements = new[] { new { sql = "insert into item (name) values ('a')" } };
        Assert.Equal("idempotency_conflict", (await service.TransactionOnceAsync(account, key, new { statements })).Code);

        var second = KeyedCalls.NewKey();
        (await service.TransactionOnceAsync(account, second, new { statements = new[] { new { sql = "select 1" } } })).Ok();
        Assert.Equal("idempotency_conflict", (await service.TransactionOnceAsync(
            account, second, new { statements = new[] { new { sql = "select 1" } }, isolation_level = "serializable" })).Code);
    }

    [Theory]
    [InlineData("""{ "params" : [ "a" ], "sql" : "insert into item (name) values ($1)" }""")]
    [InlineData("""{"sql":"insert into item (name) values ($1)","params":["\u0061"],"timeout_ms":5000,"read_only":false,"row_mode":"array"}""")]
    public async Task However_its_JSON_is_written_the_same_request_is_the_same(string same)
    {
        var account = await service.NewWithItemsAsync("same");
        var key = KeyedCalls.NewKey();
        (await service.PostOnceAsync(account, key, """{"sql":"insert into item (name) values ($1)","params":["a"]}""")).Ok();

        Assert.Equal((200, "true"), await StatusAsync(service.PostOnceAsync(account, key, same)));
    }

    [Fact]
    public async Task A_write_that_failed_keeps_nothing_and_may_be_sent_again()
    {
        var account = await service.NewWithItemsAsync("failed");
        await service.QueryAsync(account, "insert into item (name) values ('taken')");
        var key = KeyedCalls.NewKey();

        Assert.Equal("23505", (await service.QueryOnceAsync(account, key, "insert into item (name) values ('taken')")).SqlState);
        Assert.Equal(0, await service.KeysAsync(account));
        Assert.Equal("22012", (await service.TransactionOnceAsync(
            account, key, new { statements = new[] { new { sql = "insert into item (name) values ('x')" }, new { sql = "select 1/0" } } })).SqlState);
        await service.QueryAsync(account, "delete from item");
        Assert.Equal((200, null), await StatusAsync(service.QueryOnceAsync(account, key, "insert into item (name) values ('taken')")));
        Assert.Equal((200, "true"), await StatusAsync(service.QueryOnceAsync(account, key, "insert into item (name) values ('taken')")));
    }

    [Fact]
    public async Task A_commit_that_fails_keeps_nothing()
    {
        var account = await service.NewAccountAsync("deferred");
        await service.QueryAsync(account, "create table item (id int primary key, parent int references item deferrable initially deferred)");
        var key = KeyedCalls.NewKey();

        Assert.Equal("23503", (await service.QueryOnceAsync(account, key, "insert into item values (1, 2)")).SqlState);
        Assert.Equal(0, await service.KeysAsync(account));
        Assert.Equal((200, null), await StatusAsync(service.QueryOnceAsync(account, key, "insert into item values (1, 1)")));
    }

    [Fact]
    public async Task After_a_day_the_key_is_a_new_one()
    {
        var account = await service.NewWithItemsAsync("old");
        var (old, young) = (KeyedCalls.NewKey(), KeyedCalls.NewKey());
        (await service.QueryOnceAsync(account, old, "insert into item (name) values ('a') returning id")).Ok();
        (await service.QueryOnceAsync(account, young, "insert into item (name) values ('b') returning id")).Ok();
        await service.RunAsync(account, $"UPDATE _kataven.idempotency SET created_at = created_at - CASE key WHEN '{old}' THEN interval '24:00:01' ELSE '23:59:00' END");

        Assert.Equal((200, null), await StatusAsync(service.QueryOnceAsync(account, old, "insert into item (name) values ('c') returning id")));
        Assert.Equal((200, "true"), await StatusAsync(service.QueryOnceAsync(account, old, "insert into item (name) values ('c') returning id")));
        Assert.Equal((200, "true"), await StatusAsync(service.QueryOnceAsync(account, young, "insert into item (name) values ('b') returning id")));
        Assert.Equal(3, await service.ItemsAsync(account));
    }

    [Fact]
    public async Task A_key_is_the_accounts_own()
    {
        var (one, other) = (await service.NewWithItemsAsync("mine"), await service.NewWithItemsAsync("yours"));
        var key = KeyedCalls.NewKey();

        Assert.Equal((200, null), await StatusAsync(service.QueryOnceAsync(one, key, "insert into item (name) values ('a')")));
        Assert.Equal((200, null), await StatusAsync(service.QueryOnceAsync(other, key, "insert into item (name) values ('b')")));
    }

    [Fact]
    public async Task An_answer_outlives_the_accounts_owner()
    {
        var account = await service.NewWithItemsAsync("moved");
        var key = KeyedCalls.NewKey();
        var first = await service.QueryOnceAsync(account, key, "insert into item (name) values ('a') returning id");
        Assert.Equal(204, (await service.AdminClient().CallAsync(HttpMethod.Delete, $"/api/admin/pools/{account}")).Status);

        var second = await service.QueryOnceAsync(account, key, "insert into item (name) values ('a') returning id");

        Assert.Equal(("true", first.Text), (second.Replayed(), second.Text));
    }

    [Fact]
    public async Task What_becomes_of_writes_with_keys_is_counted()
    {
        var account = await service.NewWithItemsAsync("counted");
        var key = KeyedCalls.NewKey();
        foreach (var name in new[] { "a", "a", "b" })
        {
            await service.QueryOnceAsync(account, key, $"insert into item (name) values ('{name}')");
        }

        var metrics = await service.Anonymous.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        foreach (var outcome in new[] { "kept", "replayed", "conflict" })
        {
            Assert.Contains($"outcome=\"{outcome}\"", string.Join('\n', metrics.Split('\n').Where(line => line.StartsWith("kataven_idempotency_requests_total", StringComparison.Ordinal))), StringComparison.Ordinal);
        }
    }

    private static async Task<(int Status, string? Replayed)> StatusAsync(Task<Reply> reply) => ((await reply).Status, (await reply).Replayed());
}
