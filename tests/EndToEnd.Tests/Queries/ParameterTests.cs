using System.Text.Json;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Queries;

/// <summary>Parameters of every kind arrive as what they are.</summary>
public sealed class ParameterTests(ServiceFixture service)
{
    public static TheoryData<string, string, string> Parameters => new()
    {
        { "$1::int + 1", "7", "8" },
        { "$1::bigint", "9223372036854775807", "9223372036854775807" },
        { "$1::numeric", "12345678901234567890.12345678901234567890", "12345678901234567890.12345678901234567890" },
        { "$1::float8", "1e-5", "1e-05" },
        { "$1::int", "\"7\"", "7" },
        { "$1::boolean", "true", "true" },
        { "$1::text", "false", "\"false\"" },
        { "$1::text", "null", "null" },
        { "$1::int is null", "null", "true" },
        { "$1::text", "\"it's \\\"quoted\\\" \\\\ \\u20ac\"", "\"it's \\\"quoted\\\" \\\\ \u20ac\"" },
        { "$1::text", "\"\"", "\"\"" },
        { "$1::uuid", "\"00000000-0000-0000-0000-00000000000a\"", "\"00000000-0000-0000-0000-00000000000a\"" },
        { "$1::timestamptz", "\"2024-01-02T03:04:05+02:00\"", "\"2024-01-02T01:04:05+00:00\"" },
        { "$1::bytea", "\"\\\\x00ff\"", "\"\\\\x00ff\"" },
        { "$1::json", "{\"a\":[1,2.50],\"a\":null}", "{\"a\":[1,2.50],\"a\":null}" },
        { "$1::jsonb", "{\"a\":[1,2.50]}", "{\"a\": [1, 2.50]}" },
        { "$1::jsonb", "[1,[2,{\"a\":null}]]", "[1, [2, {\"a\": null}]]" },
        { "$1::jsonb", "[]", "[]" },
        { "$1::json", "[1, 2]", "[1, 2]" },
        { "$1::jsonb", "7", "7" },
        { "$1::jsonb", "true", "true" },
        { "$1::jsonb", "\"\\\"a string\\\"\"", "\"a string\"" },
        { "$1::text", "{\"a\": 1}", "\"{\\\"a\\\": 1}\"" },
        { "$1::int[]", "[1,2,null]", "[1,2,null]" },
        { "$1::int[]", "[]", "[]" },
        { "$1::int[]", "[[1,2],[3,4]]", "[[1,2],[3,4]]" },
        { "$1::text[]", "[\"a,b\",\"{x}\",\"\",\"NULL\",null,\"q\\\"\\\\\"]", "[\"a,b\",\"{x}\",\"\",\"NULL\",null,\"q\\\"\\\\\"]" },
        { "$1::boolean[]", "[true,false]", "[true,false]" },
        { "$1::jsonb[]", "[{\"a\":1},\"2\"]", "[{\"a\": 1},2]" },
        { "7 = any($1::int[])", "[1,7]", "true" },
        { "7 = any($1)", "[1,7]", "true" },
        { "$1::document", "[1,2]", "[1, 2]" },
        { "$1::nested", "[1,2]", "[1, 2]" },
        { "$1::document", "{\"a\":1}", "{\"a\": 1}" },
        { "$1::numbers", "[1,2]", "[1,2]" },
        { "$1::box[]", "[\"(1,1),(0,0)\",\"(3,3),(2,2)\"]", "[\"(1,1),(0,0)\",\"(3,3),(2,2)\"]" },
    };

    [Theory]
    [MemberData(nameof(Parameters), DisableDiscoveryEnumeration = true)]
    public async Task A_parameter_arrives(string expression, string parameter, string json)
    {
        var account = await AccountAsync();
        var statement = $$"""{"sql":{{JsonSerializer.Serialize("select " + expression)}},"params":[{{parameter}}]}""";

        var alone = await service.Client(account).PostAsync("/api/query", statement);
        var inside = await service.Client(account).PostAsync(
            "/api/transaction", $$"""{"statements":[{"sql":"select 1"},{{statement}},{{statement}}]}""");
        var streamed = await service.Client(account).CallAsync(HttpMethod.Post, "/api/query", statement, ("Accept", "application/x-ndjson"));

        Assert.Equal(json, alone.Ok().GetProperty("rows")[0][0].GetRawText());
        Assert.Equal(json, inside.Ok().GetProperty("results")[2].GetProperty("rows")[0][0].GetRawText());
        Assert.Equal($"[{json}]", streamed.Text.Split('\n')[1]);
    }

    [Fact]
    public async Task Arrays_go_into_columns_of_each_kind()
    {
        var account = await AccountAsync();
        await service.QueryAsync(account, "create table kinds (i int[], t text[], j json, b jsonb, d document)");

        var row = (await service.QueryAsync(
            account,
            "insert into kinds values ($1, $2, $3, $4, $5) returning *",
            new[] { 1, 2 },
            new[] { "a", "b c" },
            new object[] { 1, "x" },
            new object[] { 1, "x" },
            new object[] { new { a = 1 } })).GetProperty("rows")[0];

        Assert.Equal("""[[1,2],["a","b c"],[1,"x"],[1, "x"],[{"a": 1}]]""", row.GetRawText());
    }

    [Fact]
    public async Task A_statement_that_fails_with_an_array_fails_in_its_own_words()
    {
        var account = await AccountAsync();

        var reply = await service.TryQueryAsync(account, "select $1::int[], nothing", new[] { 1 });

        Assert.Equal(("42703", 19), (reply.SqlState, reply.Json.GetProperty("position").GetInt32()));
    }

    [Fact]
    public async Task As_many_parameters_as_the_protocol_counts_are_taken()
    {
        var numbers = Enumerable.Range(1, 65_535).ToArray();
        var sum = string.Join('+', numbers.Where(number => number % 100 == 0 || number == 65_535).Select(number => $"${number}::int"));
        var unused = string.Join(',', numbers.Select(number => $"${number}::int"));

        var reply = await service.TryQueryAsync(
            await AccountAsync(), $"select count(*) from (values {string.Join(',', numbers.Select(number => $"(${number}::int)"))}) v", [.. numbers.Cast<object>()]);

        Assert.NotEqual(sum, unused);
        Assert.Equal(65_535, reply.Ok().GetProperty("rows")[0][0].GetInt32());
    }

    [Theory]
    [InlineData("explain (costs off) select $1::int", 1)]
    [InlineData("create table made_{0} as select $1::int as n", 1)]
    [InlineData("create function f_{0}(int) returns int language sql return $1", 0)]
    [InlineData("prepare p_{0} as select $1::int", 0)]
    [InlineData("do $$ begin perform 1; end $$", 0)]
    [InlineData("select '$1'", 0)]
    [InlineData("select 1 as \"$1\"", 0)]
    [InlineData("select 1 -- $1", 0)]
    [InlineData("with w as (select $1::int n) select n, $2::int from w", 2)]
    [InlineData("select $1::int, $1::int", 1)]
    public async Task What_stands_as_a_parameter_in_a_statement_is_counted_as_PostgreSQL_counts(string sql, int count)
    {
        var account = await AccountAsync();
        sql = sql.Replace("{0}", Guid.NewGuid().ToString("N"), StringComparison.Ordinal);

        var right = await service.TryQueryAsync(account, sql, [.. Enumerable.Range(1, count).Cast<object>()]);
        var wrong = await service.TryQueryAsync(account, sql, [.. Enumerable.Range(1, count + 1).Cast<object>()]);

        Assert.True(right.Status == 200, right.ToString());
        Assert.True(wrong.SqlState is "08P01" or "42P07" or "42723", wrong.ToString());
    }

    private async Task<string> AccountAsync()
    {
        var account = await service.AccountOfAsync<ParameterTests>();
        await Made.GetOrAdd(account, name => new Lazy<Task>(() => MakeTypesAsync(name))).Value;
        return account;
    }

    private async Task MakeTypesAsync(string account)
    {
        await service.QueryAsync(account, "create domain document as jsonb");
        await service.QueryAsync(account, "create domain nested as document");
        await service.QueryAsync(account, "create domain numbers as int[]");
    }

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, Lazy<Task>> Made = new();
}
