using Kataven.Accounts;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Transactions;

/// <summary>What becomes of a transaction in which something fails.</summary>
public sealed class TransactionFailureTests(ServiceFixture service)
{
    /// <summary>Of which no effect may be committed, however the service found out.</summary>
    public static TheoryData<string, int, string?> Failing => new()
    {
        { "select 1/0", 400, "22012" },
        { "selec", 400, "42601" },
        { "select 1; select 2", 400, "42601" },
        { "insert into item values (1)", 409, "23505" },
        { "select $1::int", 400, "08P01" },
        { "copy item to stdout", 400, "0A000" },
        { "insert into item select i from generate_series(100, 400000) i returning repeat('x', 100)", 413, null },
        { "insert into item values (8) returning repeat('x', 9000000)", 413, null },
        { "vacuum", 400, "25001" },
    };

    [Theory]
    [MemberData(nameof(Failing))]
    public async Task Behind_a_statement_that_failed_nothing_runs_and_nothing_is_committed(string sql, int status, string? state)
    {
        var (account, id) = await BeginAsync("failing");

        var failed = await service.TryQueryInAsync(account, id, sql);
        var behind = await service.TryQueryInAsync(account, id, "insert into item values (9)");
        var commit = await service.CommitAsync(account, id);

        Assert.Equal((status, state), (failed.Status, failed.SqlState));
        Assert.Equal((400, "sql_error", "25P02"), (behind.Status, behind.Code, behind.SqlState));
        Assert.Equal((409, "transaction_failed"), (commit.Status, commit.Code));
        Assert.Equal(0, await CountAsync(account));
        await service.AssertLostAsync(account, id, "when it was to be committed");
    }

    [Theory]
    [MemberData(nameof(Failing))]
    public async Task Going_back_to_a_savepoint_mends_it(string sql, int status, string? state)
    {
        var (account, id) = await BeginAsync("mended");
        await service.QueryInAsync(account, id, "savepoint before");

        var failed = await service.TryQueryInAsync(account, id, sql);
        Assert.Equal("25P02", (await service.TryQueryInAsync(account, id, "savepoint another")).SqlState);
        await service.QueryInAsync(account, id, " Rollback /* to */ work TO savepoint before");
        await service.QueryInAsync(account, id, "insert into item values (2)");
        await service.QueryInAsync(account, id, "release before");
        (await service.CommitAsync(account, id)).Ok();

        Assert.Equal((status, state), (failed.Status, failed.SqlState));
        Assert.Equal(2, await CountAsync(account));
    }

    [Fact]
    public async Task Two_columns_of_one_name_fail_it_too()
    {
        var (account, id) = await BeginAsync("columns");

        var reply = await service.Client(account).PostAsync(
            $"/api/transactions/{id}/query", new { sql = "insert into item values (5) returning 1 as a, 2 as a", row_mode = "object" });

        Assert.Equal((400, "duplicate_column"), (reply.Status, reply.Code));
        Assert.Equal("transaction_failed", (await service.CommitAsync(account, id)).Code);
        Assert.Equal(0, await CountAsync(account));
    }

    [Theory]
    [InlineData("begin")]
    [InlineData("START TRANSACTION")]
    [InlineData("commit")]
    [InlineData("end")]
    [InlineData("/* to */ Rollback")]
    [InlineData("rollback work")]
    [InlineData("rollback and chain")]
    [InlineData("abort")]
    [InlineData("prepare transaction 'a'")]
    [InlineData("commit and chain")]
    [InlineData("commit prepared 'to'")]
    [InlineData("rollback prepared 'to'")]
    [InlineData(";;commit")]
    public async Task Only_its_routes_end_it(string control)
    {
        var (account, id) = await BeginAsync("control");

        var reply = await service.TryQueryInAsync(account, id, control);

        Assert.Equal((400, "transaction_control"), (reply.Status, reply.Code));
        Assert.Equal(0, await CountAsync(account));
        (await service.CommitAsync(account, id)).Ok();
        Assert.Equal(1, await CountAsync(account));
    }

    [Theory]
    [InlineData("call committing()")]
    [InlineData("do $$ begin rollback; end $$")]
    public async Task What_would_end_it_from_inside_is_refused_by_PostgreSQL(string sql)
    {
        var (account, id) = await BeginAsync("inside");
        await service.QueryAsync(account, "create procedure committing() language plpgsql as $$ begin commit; end $$");

        Assert.Equal("2D000", (await service.TryQueryInAsync(account, id, sql)).SqlState);
        Assert.Equal("transaction_failed", (await service.CommitAsync(account, id)).Code);
        Assert.Equal(0, await CountAsync(account));
    }

    [Fact]
    public async Task A_statement_over_its_time_fails_it_and_does_not_end_it()
    {
        var (account, id) = await BeginAsync("slow");
        await service.QueryInAsync(account, id, "savepoint before");

        var reply = await service.Client(account).PostAsync($"/api/transactions/{id}/query", new { sql = "select pg_sleep(30)", timeout_ms = 200 });

        Assert.Equal((504, "query_timeout", "57014"), (reply.Status, reply.Code, reply.SqlState));
        Assert.Equal("25P02", (await service.TryQueryInAsync(account, id, "select 1")).SqlState);
        await service.QueryInAsync(account, id, "rollback to before");
        (await service.CommitAsync(account, id)).Ok();
        Assert.Equal(1, await CountAsync(account));
    }

    [Fact]
    public async Task A_statement_whose_backend_had_to_be_ended_is_over_its_time_and_the_transaction_is_lost()
    {
        var (account, id) = await BeginAsync("stubborn");

        var reply = await service.Client(account).PostAsync($"/api/transactions/{id}/query", new
        {
            sql = "do $$ begin loop begin perform pg_sleep(30); exception when query_canceled then null; end; end loop; end $$",
            timeout_ms = 200,
        });

        Assert.Equal((504, "query_timeout"), (reply.Status, reply.Code));
        await service.AssertLostAsync(account, id, "connection to PostgreSQL was lost");
        await Eventually.Async(async () => await service.OpenSessionsAsync(account) == 0, Promised.Within(seconds: 3), "the backend is gone");
    }

    [Fact]
    public async Task A_client_that_goes_away_fails_it_and_its_lease_goes_on()
    {
        var (account, id) = await BeginAsync("away");
        using var gone = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/transactions/{id}/query")
        {
            Content = new StringContent("""{"sql":"select pg_sleep(30)"}""", System.Text.Encoding.UTF8, "application/json"),
        };
        var running = service.Client(account).SendAsync(request, gone.Token);
        await Eventually.Async(async () => await SleepersAsync(account) == 1, Promised.Within(seconds: 1), "it runs");

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Eventually.Async(async () => await SleepersAsync(account) == 0, Promised.Within(seconds: 2), "it is cancelled");
        Assert.Equal("25P02", (await service.TryQueryInAsync(account, id, "select 1")).SqlState);
        Assert.Equal("transaction_failed", (await service.CommitAsync(account, id)).Code);
    }

    [Fact]
    public async Task A_constraint_that_waits_for_the_commit_fails_there_and_it_is_over()
    {
        var (account, id) = await BeginAsync("deferred");
        await service.QueryInAsync(account, id, "create table child (id int references item deferrable initially deferred)");
        await service.QueryInAsync(account, id, "insert into child values (77)");

        var commit = await service.CommitAsync(account, id);

        Assert.Equal((409, "sql_error", "23503"), (commit.Status, commit.Code, commit.SqlState));
        await service.AssertLostAsync(account, id, "when it was to be committed");
        Assert.Equal(0, await CountAsync(account));
    }

    [Fact]
    public async Task A_statement_that_waits_too_long_for_those_before_it_did_not_run_and_fails_nothing()
    {
        var account = await service.NewAccountAsync("patience", new AccountLimits { WaitTimeoutMs = 1_000 });
        await service.QueryAsync(account, "create table item (id int primary key)");
        var id = await service.BeginAsync(account);
        var first = service.TryQueryInAsync(account, id, "insert into item select 1 from pg_sleep(4)");
        await Eventually.Async(async () => await SleepersAsync(account) == 1, Promised.Within(seconds: 1), "it runs");

        var second = await service.TryQueryInAsync(account, id, "insert into item values (2)");

        Assert.Equal((503, "overloaded"), (second.Status, second.Code));
        Assert.Contains("Kataven:Tenants:Limits:WaitTimeout", second.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        (await first).Ok();
        (await service.CommitAsync(account, id)).Ok();
        Assert.Equal(1, await CountAsync(account));
    }

    [Fact]
    public async Task A_rollback_does_not_wait_for_what_runs()
    {
        var (account, id) = await BeginAsync("impatient");
        var running = service.TryQueryInAsync(account, id, "select pg_sleep(25)");
        await Eventually.Async(async () => await SleepersAsync(account) == 1, Promised.Within(seconds: 1), "it runs");

        var rolledBack = service.RollBackAsync(account, id).WaitAsync(Promised.Within(seconds: 2), TestContext.Current.CancellationToken);

        Assert.Equal("rolled_back", (await rolledBack).Ok().GetProperty("outcome").GetString());
        TransactionCalls.AssertLost(await running, "as was asked for");
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

    private Task<long> SleepersAsync(string account) => service.SystemScalarAsync<long>(
        "select count(*) from pg_stat_activity where datname = $1 and state = 'active' and query like '%pg_sleep%'", account);
}
