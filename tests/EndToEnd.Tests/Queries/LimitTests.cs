using System.Diagnostics;
using Kataven.Accounts;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Queries;

/// <summary>What ends a statement before its end.</summary>
public sealed class LimitTests(ServiceFixture service)
{
    private const string Long = "select pg_sleep(30)";

    [Fact]
    public async Task A_statement_that_runs_for_too_long_is_cancelled()
    {
        var account = await service.AccountOfAsync<LimitTests>();
        var begun = Stopwatch.GetTimestamp();

        var reply = await service.Client(account).PostAsync("/api/query", new { sql = Long, timeout_ms = 200 });

        Assert.Equal((504, "query_timeout", "57014"), (reply.Status, reply.Code, reply.SqlState));
        Assert.True(Stopwatch.GetElapsedTime(begun) < Promised.Within(seconds: 0.2));
        await NothingRunsAsync(account);
    }

    [Fact]
    public async Task A_statement_that_will_not_be_cancelled_loses_its_backend()
    {
        var account = await service.NewAccountAsync("stubborn");

        var reply = await service.Client(account).PostAsync("/api/query", new
        {
            sql = "do $$ begin loop begin perform pg_sleep(30); exception when query_canceled then null; end; end loop; end $$",
            timeout_ms = 200,
        });

        Assert.Equal((504, "query_timeout", "57014"), (reply.Status, reply.Code, reply.SqlState));
        await NothingRunsAsync(account);
        Assert.Equal(1, (await service.ScalarAsync(account, "select 1")).GetInt32());
    }

    [Fact]
    public async Task The_accounts_own_limit_cuts_a_longer_one_down()
    {
        var account = await service.NewAccountAsync("short", new AccountLimits { StatementTimeoutMs = 200 });

        var reply = await service.Client(account).PostAsync("/api/query", new { sql = Long, timeout_ms = 600_000 });
        var streamed = await service.Client(account).CallAsync(HttpMethod.Post, "/api/query", new { sql = Long }, ("Accept", "text/csv"));
        var inside = await service.Client(account).PostAsync("/api/transaction", new { statements = new[] { new { sql = "select 1" }, new { sql = Long } } });

        Assert.Equal((504, "query_timeout"), (reply.Status, reply.Code));
        Assert.Equal((504, "query_timeout"), (streamed.Status, streamed.Code));
        Assert.Equal((504, 1), (inside.Status, inside.Json.GetProperty("statement_index").GetInt32()));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-ndjson")]
    public async Task A_statement_that_somebody_cancels_is_no_time_limit(string accept)
    {
        var account = await service.NewAccountAsync("cancel");
        var running = service.Client(account).CallAsync(HttpMethod.Post, "/api/query", new { sql = Long }, ("Accept", accept));

        // Between two messages of the protocol PostgreSQL passes a cancellation over.
        await Eventually.Async(
            async () => await service.SystemScalarAsync<long>(
                "select count(*) from (select pg_cancel_backend(pid) from pg_stat_activity where datname = $1 and wait_event = 'PgSleep' and query = $2) c", account, Long) > 0,
            Promised.Within(seconds: 1),
            "there is a statement to cancel");
        var reply = await running;

        Assert.Equal((409, "query_cancelled", "57014"), (reply.Status, reply.Code, reply.SqlState));
    }

    [Fact]
    public async Task A_time_limit_that_a_statement_sets_itself_is_one_too()
    {
        var account = await service.AccountOfAsync<LimitTests>();

        var reply = await service.Client(account).PostAsync(
            "/api/transaction", new { statements = new[] { new { sql = "set local statement_timeout to 100" }, new { sql = Long } } });

        Assert.Equal((504, "query_timeout", "57014"), (reply.Status, reply.Code, reply.SqlState));
    }

    [Theory]
    [InlineData("application/json", Long)]
    [InlineData("application/x-ndjson", Long)]
    [InlineData("application/x-ndjson", "select repeat('x', 1000) from generate_series(1, 100000000)")]
    [InlineData("text/csv", "select repeat('x', 1000) from generate_series(1, 100000000)")]
    public async Task A_client_that_goes_away_cancels_its_statement_within_two_seconds(string accept, string sql)
    {
        var account = await service.NewAccountAsync("away");
        using var gone = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/query")
        {
            Content = new StringContent($$"""{"sql":"{{sql}}"}""", System.Text.Encoding.UTF8, "application/json"),
            Headers = { { "Accept", accept } },
        };
        var running = service.Client(account).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, gone.Token);
        await Eventually.Async(async () => await RunningAsync(account) > 0, Promised.Within(seconds: 1), "the statement runs");

        await gone.CancelAsync();
        try
        {
            (await running).Dispose();
        }
        catch (OperationCanceledException)
        {
            // It went away before the answer began.
        }

        await NothingRunsAsync(account);
    }

    [Theory]
    [InlineData("select repeat('x', 9000000)")]
    [InlineData("select repeat('x', 1000) from generate_series(1, 20000)")]
    [InlineData("select repeat('x', 1000) from generate_series(1, 100000) a, generate_series(1, 10000) b")]
    [InlineData("select array_agg(repeat('x', 1000))::text[] from generate_series(1, 20000)")]
    public async Task A_result_beyond_the_limit_is_too_large(string sql)
    {
        var account = await service.AccountOfAsync<LimitTests>();

        var reply = await service.TryQueryAsync(account, sql);

        Assert.Equal((413, "result_too_large"), (reply.Status, reply.Code));
        await NothingRunsAsync(account);
    }

    [Fact]
    public async Task A_write_whose_rows_are_too_large_has_not_happened()
    {
        var account = await service.AccountOfAsync<LimitTests>();
        await service.QueryAsync(account, "create table if not exists large (t text)");

        var reply = await service.TryQueryAsync(account, "insert into large select repeat('x', 1000) from generate_series(1, 10000) returning t");

        Assert.Equal((413, "result_too_large"), (reply.Status, reply.Code));
        Assert.Equal(0, (await service.ScalarAsync(account, "select count(*) from large")).GetInt32());
    }

    [Fact]
    public async Task Large_rows_of_a_write_come_back_whole()
    {
        var account = await service.AccountOfAsync<LimitTests>();
        await service.QueryAsync(account, "create table if not exists whole (t text)");

        var answer = await service.QueryAsync(account, "insert into whole select repeat('x', 1000) from generate_series(1, 5000) returning t");

        Assert.Equal((5000, 5000), (answer.GetProperty("rows").GetArrayLength(), answer.GetProperty("row_count").GetInt32()));
        Assert.Equal(5000, (await service.ScalarAsync(account, "select count(*) from whole")).GetInt32());
    }

    [Fact]
    public async Task The_accounts_own_limit_on_results_counts()
    {
        var account = await service.NewAccountAsync("small", new AccountLimits { MaxResultBytes = 1000 });

        Assert.Equal(413, (await service.TryQueryAsync(account, "select repeat('x', 2000)")).Status);
        Assert.Equal(200, (await service.TryQueryAsync(account, "select repeat('x', 900)")).Status);
    }

    private Task NothingRunsAsync(string account) =>
        Eventually.Async(async () => await RunningAsync(account) == 0, Promised.Within(seconds: 1), "nothing runs");

    private Task<long> RunningAsync(string account) => service.SystemScalarAsync<long>(
        "select count(*) from pg_stat_activity where datname = $1 and state = 'active' and (query like '%pg_sleep%' or query like '%generate_series%')", account);
}
