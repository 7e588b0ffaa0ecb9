using System.Diagnostics;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Admin;

public sealed class SuspensionTests(ServiceFixture service)
{
    private HttpClient Admin => service.AdminClient();

    [Fact]
    public async Task A_suspended_account_is_refused_and_holds_no_connection_when_the_answer_comes()
    {
        var slug = await service.NewAccountAsync("suspend");
        var sleep = await service.BeginSleepAsync(slug);
        var role = await service.RoleAsync(slug);

        var suspended = (await SuspendAsync(slug, new { reason = "unpaid" })).Ok();

        Assert.Equal(0, await service.ConnectionsAsync(role));
        Assert.Equal(("suspended", "unpaid"), (suspended.GetProperty("status").GetString(), suspended.GetProperty("status_reason").GetString()));
        foreach (var reply in new[] { await sleep, await service.TryQueryAsync(slug, "select 1") })
        {
            Assert.Equal((403, "account_inactive"), (reply.Status, reply.Code));
            Assert.Equal("suspended", reply.Json.GetProperty("account_status").GetString());
        }
    }

    [Fact]
    public async Task A_resumed_account_serves_at_once()
    {
        var slug = await service.NewAccountAsync("resume");
        await service.QueryAsync(slug, "create table kept as select 7 as n");
        (await SuspendAsync(slug, null)).Ok();
        (await SuspendAsync(slug, new { reason = (string?)null })).Ok();

        var resumed = (await Admin.CallAsync(HttpMethod.Delete, $"/api/admin/accounts/{slug}/suspension")).Ok();

        Assert.Equal("active", resumed.GetProperty("status").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, resumed.GetProperty("status_reason").ValueKind);
        Assert.Equal(7, (await service.ScalarAsync(slug, "select n from kept")).GetInt32());
        (await Admin.CallAsync(HttpMethod.Delete, $"/api/admin/accounts/{slug}/suspension")).Ok();
    }

    [Fact]
    public async Task A_suspension_by_plain_SQL_ends_what_runs_and_closes_the_connections_within_a_second()
    {
        var slug = await service.NewAccountAsync("plain");
        var sleep = await service.BeginSleepAsync(slug);
        var role = await service.RoleAsync(slug);

        await service.RunAsync("system", $"UPDATE accounts SET status = 'suspended' WHERE account_id = '{slug}'");

        await Eventually.Async(async () => await service.ConnectionsAsync(role) == 0, Promised.Within(seconds: 1), "the connections are closed");
        Assert.Equal("account_inactive", (await sleep).Code);
        Assert.Equal("account_inactive", (await service.TryQueryAsync(slug, "select 1")).Code);
    }

    [Fact]
    public async Task A_statement_that_will_not_be_cancelled_does_not_hold_up_a_suspension()
    {
        var slug = await service.NewAccountAsync("stubborn");
        await service.QueryAsync(slug, """
            create function stay() returns void language plpgsql as $$
            declare until timestamptz := clock_timestamp() + interval '25 s';
            begin
              while clock_timestamp() < until loop
                begin perform pg_sleep(1); exception when query_canceled then null; end;
              end loop;
            end $$
            """);
        var stay = service.TryQueryAsync(slug, "select stay()");
        var role = await service.RoleAsync(slug);
        await Eventually.Async(async () => await service.ConnectionsAsync(role) > 0, TimeSpan.FromSeconds(10), "it runs");
        var begin = Stopwatch.GetTimestamp();

        (await SuspendAsync(slug, "{}")).Ok();

        Assert.Equal(0, await service.ConnectionsAsync(role));
        Assert.True(Stopwatch.GetElapsedTime(begin) < TimeSpan.FromSeconds(15));
        Assert.Equal("account_inactive", (await stay).Code);
    }

    [Fact]
    public async Task A_stream_that_nobody_reads_holds_up_neither_a_suspension_nor_what_comes_after_it()
    {
        var slug = await service.NewAccountAsync("stream");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/query")
        {
            Content = new StringContent("""{"sql":"select repeat('x', 1000) from generate_series(1, 200000)"}""", System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        using var stream = await service.Client(slug).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        var role = await service.RoleAsync(slug);

        (await SuspendAsync(slug, "{}")).Ok();

        Assert.Equal(0, await service.ConnectionsAsync(role));
        (await Admin.CallAsync(HttpMethod.Delete, $"/api/admin/accounts/{slug}/suspension")).Ok();
        await Eventually.Async(
            async () => (await service.TryQueryAsync(slug, "select 1")).Status == 200, Promised.Within(seconds: 1), "it is served again");
    }

    [Theory]
    [InlineData("""{"reason":7}""")]
    [InlineData("""{"reason":"a\u0007"}""")]
    [InlineData("""{"why":"a"}""")]
    [InlineData("true")]
    public async Task A_suspension_of_the_wrong_form_is_refused(string body)
    {
        var reply = await SuspendAsync("acme", body);

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Code));
    }

    private Task<Reply> SuspendAsync(string slug, object? body) =>
        Admin.CallAsync(HttpMethod.Put, $"/api/admin/accounts/{slug}/suspension", body);
}
