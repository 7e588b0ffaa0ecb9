using System.Net.Http.Headers;
using System.Text;
using Kataven.Cluster;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Errors;

/// <summary>Requests that are wrong: each has its answer, none is a fault of the service, none costs a lane.</summary>
public sealed class BadInputTests(ServiceFixture service)
{
    public static TheoryData<string, string> Bodies => new()
    {
        { "", "valid JSON" },
        { "   ", "valid JSON" },
        { "{", "valid JSON" },
        { "nonsense", "valid JSON" },
        { "[]", "object" },
        { "null", "object" },
        { "\"select 1\"", "object" },
        { "{}", "sql is missing" },
        { """{"sql":1}""", "sql" },
        { """{"sql":null}""", "sql" },
        { """{"sql":"select 1"} {"sql":"select 2"}""", "" },
        { """{"sql":"select 1","sql":"select 2"}""", "sql is there twice" },
        { """{"sql":"select 1","parameters":[]}""", "parameters" },
        { """{"sql":"select 1","params":{}}""", "params" },
        { """{"sql":"select 1","params":null}""", "params" },
        { """{"sql":"select 1","params":"a"}""", "params" },
        { """{"sql":"select 1","timeout_ms":0}""", "timeout_ms" },
        { """{"sql":"select 1","timeout_ms":-1}""", "timeout_ms" },
        { """{"sql":"select 1","timeout_ms":1.5}""", "timeout_ms" },
        { """{"sql":"select 1","timeout_ms":"1"}""", "timeout_ms" },
        { """{"sql":"select 1","timeout_ms":99999999999999999999}""", "timeout_ms" },
        { """{"sql":"select 1","row_mode":"rows"}""", "row_mode" },
        { """{"sql":"select 1","row_mode":null}""", "row_mode" },
        { """{"sql":"select 1","numbers":"digits"}""", "numbers" },
        { """{"sql":"select 1","read_only":"yes"}""", "read_only" },
        { """{"sql":"select 1\u0000"}""", "sql has a NUL" },
        { """{"sql":"select $1","params":["a\u0000b"]}""", "params[0] has a NUL" },
        { """{"sql":"select '\ud800'"}""", "Unicode" },
        { """{"sql":"select $1","params":["\ud800"]}""", "Unicode" },
        { """{"sql":"select $1","params":["\udc00\ud800"]}""", "Unicode" },
        { """{"sql":"select $1::jsonb","params":[{"a":"\ud800"}]}""", "Unicode" },
        { """{"sql":"select $1::jsonb","params":[{"\ud800":1}]}""", "Unicode" },
        { """{"sql":"select $1::text[]","params":[["\ud800"]]}""", "Unicode" },
        { """{"\ud800":1}""", "Unicode" },
        { $$"""{"sql":"select $1","params":[{{new string('[', 100)}}{{new string(']', 100)}}]}""", "depth" },
        { $$"""{"sql":"select 1","params":[{{string.Join(',', Enumerable.Repeat("1", 70_000))}}]}""", "65535" },
    };

    [Theory]
    [MemberData(nameof(Bodies), DisableDiscoveryEnumeration = true)]
    public async Task A_body_of_the_wrong_form_is_an_invalid_request_that_says_what_is_wrong(string body, string said)
    {
        var reply = await PostAsync("/api/query", body);

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Code));
        Assert.Contains(said, reply.Json.GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "statements")]
    [InlineData("""{"statements":[]}""", "statements")]
    [InlineData("""{"statements":{}}""", "statements")]
    [InlineData("""{"statements":["select 1"]}""", "statements[0]")]
    [InlineData("""{"statements":[{"sql":"select 1"},{}]}""", "statements[1].sql")]
    [InlineData("""{"statements":[{"sql":"select 1","params":1}]}""", "statements[0].params")]
    [InlineData("""{"statements":[{"sql":"select 1","row_mode":"array"}]}""", "statements[0].row_mode")]
    [InlineData("""{"statements":[{"sql":"select $1","params":["\u0000"]}]}""", "statements[0].params[0]")]
    [InlineData("""{"statements":[{"sql":"select 1"}],"isolation_level":"read committed"}""", "isolation_level")]
    [InlineData("""{"statements":[{"sql":"select 1"}],"sql":"select 1"}""", "sql")]
    public async Task A_transaction_of_the_wrong_form_is_told_by_the_members_path(string body, string said)
    {
        var reply = await PostAsync("/api/transaction", body);

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Code));
        Assert.Contains(said, reply.Json.GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_an_invalid_request()
    {
        byte[] body = [.. "{\"sql\":\"select '"u8, 0xc3, 0x28, .. "'\"}"u8];

        var reply = await SendAsync(new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } });

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json; charset=utf-16")]
    public async Task A_body_that_is_not_sent_as_JSON_is_an_unsupported_media_type(string type)
    {
        var content = new ByteArrayContent("""{"sql":"select 1"}"""u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        var reply = await SendAsync(content);

        Assert.Equal((415, "unsupported_media_type"), (reply.Status, reply.Code));
    }

    [Theory]
    [InlineData("GET", "/api/query", 405, "method_not_allowed")]
    [InlineData("DELETE", "/api/transaction", 405, "method_not_allowed")]
    [InlineData("POST", "/api/nothing", 404, "not_found")]
    [InlineData("GET", "/", 404, "not_found")]
    public async Task Paths_and_methods_that_are_not_there_are_told_in_the_form_of_all_errors(string method, string path, int status, string code)
    {
        var client = service.Client(await service.AccountOfAsync<BadInputTests>());

        var reply = await client.CallAsync(new HttpMethod(method), path);

        Assert.Equal((status, code), (reply.Status, reply.Code));
        foreach (var member in new[] { "type", "title", "detail", "trace_id" })
        {
            Assert.False(string.IsNullOrEmpty(reply.Json.GetProperty(member).GetString()));
        }

        Assert.Equal(status, reply.Json.GetProperty("status").GetInt32());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_10_MiB_is_too_large(bool isChunked)
    {
        var content = new StringContent($$"""{"sql":"select 1 -- {{new string('x', 10 * 1024 * 1024)}}"}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/query") { Content = content };
        request.Headers.TransferEncodingChunked = isChunked;
        request.Headers.ExpectContinue = true;

        var reply = await service.Client(await service.AccountOfAsync<BadInputTests>()).CallAsync(request);

        Assert.Equal((413, "request_too_large"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Headers_of_64_KiB_are_too_large()
    {
        var account = await service.AccountOfAsync<BadInputTests>();

        var reply = await service.Client(account).CallAsync(
            HttpMethod.Post, "/api/query", new { sql = "select 1" }, ("X-Long", new string('x', 64 * 1024)));

        Assert.Equal((413, "request_too_large"), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task Statements_that_PostgreSQL_or_the_service_refuses_leave_every_lane_as_it_was()
    {
        var account = await service.NewAccountAsync("lanes", new Accounts.AccountLimits { MaxLanes = 1 });
        var pid = await service.ScalarAsync(account, "select pg_backend_pid()");
        (string Sql, object?[] Parameters, string State)[] wrong =
        [
            ("select", [1], "08P01"),
            ("selec", [], "42601"),
            ("select 1; select 2", [], "42601"),
            ("select $1::int", [], "08P01"),
            ("select 1", [1], "08P01"),
            ("select $1::int, $2::int", [1], "08P01"),
            ("select $1::int", [1, 2], "08P01"),
            ("select $1::int + nothing", [], "42703"),
            ("select $1::int", ["a"], "22P02"),
            ("insert into nowhere values ($1)", [], "42P01"),
            ("create table x (id int)", [1], "08P01"),
            ("copy (select 1) to stdout", [], "0A000"),
            ("copy pg_class from stdin", [], "0A000"),
            ("copy (select 1) to '/tmp/x'", [], "42501"),
            ("copy (select 1) to program 'true'", [], "42501"),
            ("select '{}'::text[] = $1", [new[] { new[] { 1 }, [1, 2] }], "22P02"),
            ("select $1::jsonb", [new { a = "\0" }], "22P05"),
            ("select $1::text[]", [new[] { "\0" }], "22021"),
            ("select $0", [], "42P02"),
        ];

        foreach (var (sql, parameters, state) in wrong)
        {
            var reply = await service.TryQueryAsync(account, sql, parameters);
            Assert.True(reply.SqlState == state, $"{sql}: {reply}");
            Assert.InRange(reply.Status, 400, 499);
        }

        Assert.Equal(pid.GetInt32(), (await service.ScalarAsync(account, "select pg_backend_pid()")).GetInt32());
        await NoLaneIsBusyAsync(account);
    }

    private async Task NoLaneIsBusyAsync(string account) => await Eventually.Async(
        async () =>
        {
            var pools = await service.Grains.GetGrain<IClusterGrain>(0).PoolsAsync();
            return pools.Single(pool => pool.Account.Value == account) is { LanesBusy: 0, Waiting: 0 };
        },
        TimeSpan.FromSeconds(5),
        "no lane is lent");

    private async Task<Reply> PostAsync(string path, string body) =>
        await service.Client(await service.AccountOfAsync<BadInputTests>()).PostAsync(path, body);

    private async Task<Reply> SendAsync(HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/query") { Content = content };
        return await service.Client(await service.AccountOfAsync<BadInputTests>()).CallAsync(request);
    }
}
