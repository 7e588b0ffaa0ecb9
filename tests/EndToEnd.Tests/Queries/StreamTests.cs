using System.Text.Json;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Queries;

/// <summary>Rows that go out while they come in.</summary>
public sealed class StreamTests(ServiceFixture service)
{
    private const string Ndjson = "application/x-ndjson";
    private const string Csv = "text/csv";

    /// <summary>Fails far behind the first part.</summary>
    private const string Late = "select case when i < 5000 then repeat('x', 200) else (1 / (i - 5000))::text end from generate_series(1, 6000) i";

    [Fact]
    public async Task Ndjson_has_a_line_for_the_columns_one_for_each_row_and_one_for_the_end()
    {
        var reply = await StreamAsync(Ndjson, "select i as n, 'a' as t from generate_series(1, 2) i");

        Assert.Equal((200, Ndjson), (reply.Status, reply.ContentType));
        Assert.Equal(
            """{"columns":[{"name":"n","type":"integer"},{"name":"t","type":"text"}]}""" + "\n[1,\"a\"]\n[2,\"a\"]\n"
            + """{"command":"SELECT","row_count":2}""" + "\n",
            reply.Text);
    }

    [Theory]
    [InlineData("select 1 as a where false", "{\"columns\":[{\"name\":\"a\",\"type\":\"integer\"}]}\n{\"command\":\"SELECT\",\"row_count\":0}\n")]
    [InlineData("select from generate_series(1, 2)", "{\"columns\":[]}\n[]\n[]\n{\"command\":\"SELECT\",\"row_count\":2}\n")]
    [InlineData("set work_mem to '8MB'", "{\"columns\":[]}\n{\"command\":\"SET\",\"row_count\":null}\n")]
    public async Task Ndjson_of_no_rows_or_no_columns_is_whole(string sql, string text) =>
        Assert.Equal(text, (await StreamAsync(Ndjson, sql)).Text);

    [Fact]
    public async Task A_row_of_ndjson_has_no_line_break_inside()
    {
        var reply = await StreamAsync(Ndjson, "select E'{\"a\":\\n[1,\\r\\n2]}'::json, E'a\\nb', array[E'{\\n}']::json[]");

        var lines = reply.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        var row = JsonDocument.Parse(lines[1]).RootElement;
        Assert.Equal((2, "a\nb"), (row[0].GetProperty("a").GetArrayLength(), row[1].GetString()));
        Assert.DoesNotContain('\r', reply.Text);
    }

    [Fact]
    public async Task Rows_are_objects_in_ndjson_too()
    {
        var rows = await StreamAsync(Ndjson, "select 1 as a, 2 as b", "object");
        var doubled = await StreamAsync(Ndjson, "select 1 as a, 2 as a", "object");

        Assert.Equal("""{"a":1,"b":2}""", rows.Text.Split('\n')[1]);
        Assert.Equal((400, "duplicate_column"), (doubled.Status, doubled.Code));
    }

    [Theory]
    [InlineData("select 1/0", 400, "22012")]
    [InlineData("selec", 400, "42601")]
    [InlineData("select 1; select 2", 400, "42601")]
    [InlineData("select * from nowhere", 404, "42P01")]
    [InlineData("select $1::int", 400, "08P01")]
    [InlineData("copy pg_class to stdout", 400, "0A000")]
    [InlineData("select 1 / (i - 3) from generate_series(1, 5) i", 400, "22012")]
    public async Task What_breaks_before_the_first_byte_is_answered_with_its_status(string sql, int status, string state)
    {
        foreach (var accept in new[] { Ndjson, Csv })
        {
            var reply = await StreamAsync(accept, sql);

            Assert.Equal((status, state), (reply.Status, reply.SqlState));
        }
    }

    [Fact]
    public async Task Ndjson_that_breaks_off_says_why_in_its_last_line()
    {
        var reply = await StreamAsync(Ndjson, Late);

        var lines = reply.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(200, reply.Status);
        Assert.Equal(5001, lines.Length);
        Assert.All(lines, line => JsonDocument.Parse(line));
        var error = JsonDocument.Parse(lines[^1]).RootElement.GetProperty("error");
        Assert.Equal(("sql_error", "22012", 400), (error.GetProperty("code").GetString(), error.GetProperty("sql_state").GetString(), error.GetProperty("status").GetInt32()));
    }

    [Fact]
    public async Task Csv_that_breaks_off_ends_before_its_body_does() =>
        await Assert.ThrowsAsync<HttpRequestException>(() => StreamAsync(Csv, Late));

    [Fact]
    public async Task Csv_is_that_of_RFC_4180()
    {
        var reply = await StreamAsync(Csv, """
            select 1 as "a,b", null as n, '' as e, 'x"y' as q, E'l1\nl2' as l, true as t, '{1,2}'::int[] as r, '{"k": 1}'::jsonb as j, '2024-01-02 03:04:05'::timestamp as w
            """);

        Assert.Equal(Csv, reply.ContentType);
        Assert.Equal(
            "\"a,b\",n,e,q,l,t,r,j,w\r\n1,,\"\",\"x\"\"y\",\"l1\nl2\",true,\"[1,2]\",\"{\"\"k\"\": 1}\",2024-01-02T03:04:05\r\n", reply.Text);
    }

    [Theory]
    [InlineData("select 1 as a where false", "a\r\n")]
    [InlineData("select 1 as a, 2 as a", "a,a\r\n1,2\r\n")]
    [InlineData("select from generate_series(1, 2)", "\r\n\r\n")]
    [InlineData("set work_mem to '8MB'", "")]
    public async Task Csv_of_no_rows_or_no_columns_is_whole(string sql, string text)
    {
        var reply = await StreamAsync(Csv, sql);

        Assert.Equal((200, text), (reply.Status, reply.Text));
    }

    [Fact]
    public async Task A_stream_has_no_limit_and_its_rows_are_all_there()
    {
        var reply = await StreamAsync(Ndjson, "select i, repeat('x', 200) from generate_series(1, 60000) i");

        var lines = reply.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(60_002, lines.Length);
        Assert.Equal(60_000, JsonDocument.Parse(lines[^2]).RootElement[0].GetInt32());
        Assert.Equal("""{"command":"SELECT","row_count":60000}""", lines[^1]);
    }

    [Fact]
    public async Task A_write_may_be_streamed_and_happens_once()
    {
        var account = await service.AccountOfAsync<StreamTests>();
        await service.QueryAsync(account, "create table if not exists streamed (id int)");

        var reply = await StreamAsync(Ndjson, "insert into streamed values (1) returning id");

        Assert.Equal("[1]", reply.Text.Split('\n')[1]);
        Assert.Equal(1, (await service.ScalarAsync(account, "select count(*) from streamed")).GetInt32());
    }

    [Fact]
    public async Task Types_of_the_accounts_own_are_named_before_the_rows()
    {
        await service.QueryAsync(await service.AccountOfAsync<StreamTests>(), "create domain streamed_domain as jsonb");

        var reply = await StreamAsync(Ndjson, "select array['[1]']::streamed_domain[]");

        Assert.Equal("""{"columns":[{"name":"array","type":"streamed_domain[]"}]}""", reply.Text.Split('\n')[0]);
        Assert.Equal("[[[1]]]", reply.Text.Split('\n')[1]);
    }

    private async Task<Reply> StreamAsync(string accept, string sql, string mode = "array") => await service
        .Client(await service.AccountOfAsync<StreamTests>())
        .CallAsync(HttpMethod.Post, "/api/query", new { sql, row_mode = mode }, ("Accept", accept));
}
