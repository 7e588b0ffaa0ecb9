using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Queries;

/// <summary>All of it, or nothing.</summary>
public sealed class TransactionTests(ServiceFixture service)
{
    [Fact]
    public async Task Every_statement_has_its_result_and_all_of_them_are_kept()
    {
        var account = await TableAsync("kept");

        var results = (await RunAsync(account, "insert into kept values (1), (2)", "select id from kept order by id", "update kept set id = id + 10"))
            .Ok().GetProperty("results");

        Assert.Equal(
            ["INSERT", "SELECT", "UPDATE"], results.EnumerateArray().Select(result => result.GetProperty("command").GetString()!));
        Assert.Equal("[[1],[2]]", results[1].GetProperty("rows").GetRawText());
        Assert.Equal("[11, 12]", await IdsAsync(account, "kept"));
    }

    [Theory]
    [InlineData("select 1/0", "22012", 400)]
    [InlineData("insert into lost values (1)", "23505", 409)]
    [InlineData("select $1::int", "08P01", 400)]
    [InlineData("selec", "42601", 400)]
    [InlineData("select 1; select 2", "42601", 400)]
    public async Task One_that_fails_undoes_all_and_is_named(string failing, string state, int status)
    {
        var account = await TableAsync("lost");

        var reply = await RunAsync(account, "insert into lost values (1)", failing, "insert into lost values (2)");

        Assert.Equal((status, state, 1), (reply.Status, reply.SqlState, reply.Json.GetProperty("statement_index").GetInt32()));
        Assert.Equal("null", await IdsAsync(account, "lost"));
    }

    [Theory]
    [InlineData("begin")]
    [InlineData("START TRANSACTION")]
    [InlineData("commit")]
    [InlineData("end")]
    [InlineData(" /* c */ Rollback")]
    [InlineData("abort")]
    [InlineData("savepoint a")]
    [InlineData("release a")]
    [InlineData("rollback to a")]
    [InlineData("prepare transaction 'a'")]
    [InlineData("commit and chain")]
    [InlineData(";;commit")]
    public async Task Its_begin_and_end_are_the_services(string control)
    {
        var account = await TableAsync("controlled");

        var reply = await RunAsync(account, "insert into controlled values (1)", control, "select 1/0");

        Assert.Equal((400, "transaction_control", 1), (reply.Status, reply.Code, reply.Json.GetProperty("statement_index").GetInt32()));
        Assert.Equal("null", await IdsAsync(account, "controlled"));
    }

    [Theory]
    [InlineData("call committing()", "2D000")]
    [InlineData("do $$ begin commit; end $$", "2D000")]
    [InlineData("vacuum", "25001")]
    public async Task What_would_end_it_from_inside_is_refused_by_PostgreSQL(string sql, string state)
    {
        var account = await TableAsync("inside");
        await service.QueryAsync(account, "create or replace procedure committing() language plpgsql as $$ begin commit; end $$");

        var reply = await RunAsync(account, "insert into inside values (1)", sql);

        Assert.Equal((400, state), (reply.Status, reply.SqlState));
        Assert.Equal("null", await IdsAsync(account, "inside"));
    }

    [Theory]
    [InlineData(null, "read committed")]
    [InlineData("read_committed", "read committed")]
    [InlineData("repeatable_read", "repeatable read")]
    [InlineData("serializable", "serializable")]
    public async Task It_runs_at_the_level_that_was_asked_for(string? level, string seen)
    {
        var account = await service.AccountOfAsync<TransactionTests>();
        object body = level is null
            ? new { statements = new[] { new { sql = "show transaction_isolation" } } }
            : new { statements = new[] { new { sql = "show transaction_isolation" } }, isolation_level = level };

        var reply = await service.Client(account).PostAsync("/api/transaction", body);

        Assert.Equal(seen, reply.Ok().GetProperty("results")[0].GetProperty("rows")[0][0].GetString());
    }

    [Fact]
    public async Task One_that_was_said_to_read_keeps_nothing_even_where_it_makes_itself_one_that_writes()
    {
        var account = await TableAsync("said");

        await service.Client(account).PostAsync("/api/transaction", new
        {
            statements = new[] { new { sql = "set transaction read write" }, new { sql = "insert into said values (1)" } },
            read_only = true,
        });

        Assert.Equal("null", await IdsAsync(account, "said"));
    }

    [Fact]
    public async Task One_that_only_reads_may_not_write()
    {
        var account = await TableAsync("read_only");

        var inside = await service.Client(account).PostAsync(
            "/api/transaction", new { statements = new[] { new { sql = "insert into read_only values (1)" } }, read_only = true });
        var alone = await service.Client(account).PostAsync("/api/query", new { sql = "insert into read_only values (1)", read_only = true });

        Assert.Equal((403, "25006"), (inside.Status, inside.SqlState));
        Assert.Equal((403, "25006"), (alone.Status, alone.SqlState));
        Assert.Equal("null", await IdsAsync(account, "read_only"));
    }

    [Fact]
    public async Task A_constraint_that_waits_for_the_end_fails_there_and_undoes_all()
    {
        var account = await TableAsync("deferred");
        await service.QueryAsync(account, "create table if not exists child (id int references deferred deferrable initially deferred)");

        var reply = await RunAsync(account, "insert into deferred values (1)", "insert into child values (7)");

        Assert.Equal((409, "23503"), (reply.Status, reply.SqlState));
        Assert.False(reply.Json.TryGetProperty("statement_index", out _));
        Assert.Equal("null", await IdsAsync(account, "deferred"));
    }

    [Fact]
    public async Task Two_that_cannot_be_put_in_an_order_end_with_one_that_may_be_retried()
    {
        var account = await TableAsync("serial");
        await service.QueryAsync(account, "create or replace function waited() returns bigint language sql as 'select count(*) from serial, pg_sleep(0.3)'");
        var body = new
        {
            statements = new[] { new { sql = "insert into serial select 1000 * random() + waited() + pg_backend_pid()" } },
            isolation_level = "serializable",
        };

        var replies = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => service.Client(account).PostAsync("/api/transaction", body)));

        Assert.Contains(replies, reply => reply.Status == 200);
        Assert.Contains(replies, reply => reply.SqlState == "40001" && reply.Json.GetProperty("retryable").GetBoolean());
    }

    [Fact]
    public async Task The_results_together_are_limited_and_the_writes_before_have_not_happened()
    {
        var account = await TableAsync("limited");

        var reply = await RunAsync(
            account, "insert into limited values (1)", "select repeat('x', 5000000)", "select repeat('x', 5000000)");

        Assert.Equal((413, "result_too_large", 2), (reply.Status, reply.Code, reply.Json.GetProperty("statement_index").GetInt32()));
        Assert.Equal("null", await IdsAsync(account, "limited"));
    }

    private async Task<string> TableAsync(string name)
    {
        var account = await service.AccountOfAsync<TransactionTests>();
        await service.QueryAsync(account, $"create table if not exists {name} (id int primary key)");
        return account;
    }

    private Task<Reply> RunAsync(string account, params string[] statements) => service.Client(account).PostAsync(
        "/api/transaction", new { statements = statements.Select(sql => new { sql }) });

    private async Task<string> IdsAsync(string account, string table) =>
        (await service.ScalarAsync(account, $"select jsonb_agg(id order by id) from {table}")).GetRawText();
}
