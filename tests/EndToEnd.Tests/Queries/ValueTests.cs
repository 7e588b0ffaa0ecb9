using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Queries;

/// <summary>Values of every type cross as JSON without loss.</summary>
public sealed class ValueTests(ServiceFixture service)
{
    public static TheoryData<string, string, string> Values => new()
    {
        { "(-32768)::smallint", "smallint", "-32768" },
        { "2147483647::integer", "integer", "2147483647" },
        { "9223372036854775807::bigint", "bigint", "9223372036854775807" },
        { "(-9223372036854775808)::bigint", "bigint", "-9223372036854775808" },
        { "123456789012345678901234567890.123456789012345678901234567890::numeric", "numeric", "123456789012345678901234567890.123456789012345678901234567890" },
        { "1.500::numeric(10,3)", "numeric(10,3)", "1.500" },
        { "'NaN'::numeric", "numeric", "\"NaN\"" },
        { "'-Infinity'::numeric", "numeric", "\"-Infinity\"" },
        { "1e-10::real", "real", "1e-10" },
        { "3.4028235e38::real", "real", "3.4028235e+38" },
        { "0.1::double precision", "double precision", "0.1" },
        { "5e-324::double precision", "double precision", "5e-324" },
        { "'-0'::double precision", "double precision", "-0" },
        { "'Infinity'::double precision", "double precision", "\"Infinity\"" },
        { "'NaN'::real", "real", "\"NaN\"" },
        { "true", "boolean", "true" },
        { "null::boolean", "boolean", "null" },
        { "null", "text", "null" },
        { "''", "text", "\"\"" },
        { "E'quote\" back\\\\ line\\n tab\\t bell\\x07 \u20ac \U0001F600'", "text", "\"quote\\\" back\\\\ line\\n tab\\t bell\\u0007 \u20ac \U0001F600\"" },
        { "'ab'::char(4)", "character(4)", "\"ab  \"" },
        { "'ab'::varchar(10)", "character varying(10)", "\"ab\"" },
        { "'x'::\"char\"", "\"char\"", "\"x\"" },
        { "'n'::name", "name", "\"n\"" },
        { "'\\x00ff10'::bytea", "bytea", "\"\\\\x00ff10\"" },
        { "'{\"a\": 1,  \"b\":[1.00]}'::json", "json", "{\"a\": 1,  \"b\":[1.00]}" },
        { "'{\"b\":1,\"a\":12345678901234567890.10}'::jsonb", "jsonb", "{\"a\": 12345678901234567890.10, \"b\": 1}" },
        { "'null'::jsonb", "jsonb", "null" },
        { "'2024-01-02 03:04:05.123456'::timestamp", "timestamp without time zone", "\"2024-01-02T03:04:05.123456\"" },
        { "'2024-01-02 03:04:05+02'::timestamptz", "timestamp with time zone", "\"2024-01-02T01:04:05+00:00\"" },
        { "'2024-01-02 03:04:05.1'::timestamptz(1)", "timestamp(1) with time zone", "\"2024-01-02T03:04:05.1+00:00\"" },
        { "'infinity'::timestamp", "timestamp without time zone", "\"infinity\"" },
        { "'-infinity'::timestamptz", "timestamp with time zone", "\"-infinity\"" },
        { "'0044-03-15 12:00:00 BC'::timestamp", "timestamp without time zone", "\"0044-03-15T12:00:00 BC\"" },
        { "'0044-03-15 12:00:00+00 BC'::timestamptz", "timestamp with time zone", "\"0044-03-15T12:00:00+00:00 BC\"" },
        { "'2024-02-29'::date", "date", "\"2024-02-29\"" },
        { "'0001-01-01 BC'::date", "date", "\"0001-01-01 BC\"" },
        { "'infinity'::date", "date", "\"infinity\"" },
        { "'23:59:59.999999'::time", "time without time zone", "\"23:59:59.999999\"" },
        { "'12:00+05:30'::timetz", "time with time zone", "\"12:00:00+05:30\"" },
        { "'1 year 2 mons -3 days 04:05:06.7'::interval", "interval", "\"1 year 2 mons -3 days +04:05:06.7\"" },
        { "'00000000-0000-0000-0000-00000000000a'::uuid", "uuid", "\"00000000-0000-0000-0000-00000000000a\"" },
        { "'192.168.0.1/24'::inet", "inet", "\"192.168.0.1/24\"" },
        { "'101'::bit(3)", "bit(3)", "\"101\"" },
        { "'[1,5)'::int4range", "int4range", "\"[1,5)\"" },
        { "'{[1,2),[3,4)}'::int4multirange", "int4multirange", "\"{[1,2),[3,4)}\"" },
        { "'(1,2)'::point", "point", "\"(1,2)\"" },
        { "'a & b'::tsquery", "tsquery", "\"'a' & 'b'\"" },
        { "'<a/>'::xml", "xml", "\"<a/>\"" },
        { "4294967295::oid", "oid", "\"4294967295\"" },
        { "'pg_class'::regclass", "regclass", "\"pg_class\"" },
        { "row(1, 'a b', null)", "record", "\"(1,\\\"a b\\\",)\"" },
        { "'{1,2,NULL}'::int[]", "integer[]", "[1,2,null]" },
        { "'{{1,2},{3,4}}'::bigint[]", "bigint[]", "[[1,2],[3,4]]" },
        { "'[0:1]={5,6}'::int[]", "integer[]", "[5,6]" },
        { "'{}'::text[]", "text[]", "[]" },
        { "array['a\"b', 'NULL', null, '', '{,}', E'\\\\']", "text[]", "[\"a\\\"b\",\"NULL\",null,\"\",\"{,}\",\"\\\\\"]" },
        { "array[true, false]", "boolean[]", "[true,false]" },
        { "array[1.10, 'NaN']::numeric[]", "numeric[]", "[1.10,\"NaN\"]" },
        { "array['Infinity', '1']::float8[]", "double precision[]", "[\"Infinity\",1]" },
        { "array['2024-01-02 03:04:05+00']::timestamptz[]", "timestamp with time zone[]", "[\"2024-01-02T03:04:05+00:00\"]" },
        { "array['{\"a\": [1, \"x\"]}', '2']::jsonb[]", "jsonb[]", "[{\"a\": [1, \"x\"]},2]" },
        { "array['\\x01']::bytea[]", "bytea[]", "[\"\\\\x01\"]" },
        { "array['(1,1),(0,0)', '(3,3),(2,2)']::box[]", "box[]", "[\"(1,1),(0,0)\",\"(3,3),(2,2)\"]" },
        { "'sad'::mood", "mood", "\"sad\"" },
        { "array['sad']::mood[]", "mood[]", "[\"sad\"]" },
        { "3::positive", "integer", "3" },
        { "array[3]::positive[]", "positive[]", "[3]" },
        { "'{\"a\": 1}'::document", "jsonb", "{\"a\": 1}" },
        { "row(1, 'x', array[1,2])::pair", "pair", "\"(1,x,\\\"{1,2}\\\")\"" },
        { "pg_sleep(0)", "void", "\"\"" },
    };

    [Theory]
    [MemberData(nameof(Values), DisableDiscoveryEnumeration = true)]
    public async Task A_value_is_its_JSON(string expression, string type, string json)
    {
        var answer = await service.QueryAsync(await AccountAsync(), $"select {expression}");

        Assert.Equal(json, answer.GetProperty("rows")[0][0].GetRawText());
        Assert.Equal(type, answer.GetProperty("columns")[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task Numbers_are_strings_for_clients_that_would_lose_digits()
    {
        var reply = await service.Client(await AccountAsync()).PostAsync("/api/query", new
        {
            sql = "select 9007199254740993, 1.10::numeric, '{1,NULL}'::bigint[], '1.5'::jsonb, 0.5::real, true, 3::positive",
            numbers = "string",
        });

        Assert.Equal(
            """["9007199254740993","1.10",["1",null],1.5,"0.5",true,"3"]""", reply.Ok().GetProperty("rows")[0].GetRawText());
    }

    [Fact]
    public async Task Settings_of_the_role_change_no_answer()
    {
        var account = await service.NewAccountAsync("settings");
        foreach (var setting in new[]
        {
            "DateStyle to 'German, DMY'", "TimeZone to 'Asia/Tokyo'", "bytea_output to escape", "IntervalStyle to iso_8601",
            "extra_float_digits to 0", "client_encoding to latin1", "standard_conforming_strings to off", "xmloption to document",
        })
        {
            await service.QueryAsync(account, $"alter role current_user set {setting}");
        }

        await CloseLanesAsync(account);
        var row = (await service.QueryAsync(account, """
            select '2024-01-02 03:04:05+00'::timestamptz, '2024-02-01'::date, '\x00'::bytea, '1 day 02:00'::interval, 0.1::float8 + 0.2::float8, '€', 'a\b'
            """)).GetProperty("rows")[0];

        Assert.Equal(
            "[\"2024-01-02T03:04:05+00:00\",\"2024-02-01\",\"\\\\x00\",\"1 day 02:00:00\",0.30000000000000004,\"€\",\"a\\\\b\"]", row.GetRawText());
    }

    private Task CloseLanesAsync(string account) =>
        service.Grains.GetGrain<Cluster.IClusterGrain>(0).ClosePoolAsync(Accounts.AccountId.Parse(account));

    private async Task<string> AccountAsync()
    {
        var account = await service.AccountOfAsync<ValueTests>();
        await Types.Value.GetOrAdd(account, name => new Lazy<Task>(() => MakeTypesAsync(name))).Value;
        return account;
    }

    private async Task MakeTypesAsync(string account)
    {
        await service.QueryAsync(account, "create type mood as enum ('sad', 'ok')");
        await service.QueryAsync(account, "create domain positive as int check (value > 0)");
        await service.QueryAsync(account, "create domain document as jsonb");
        await service.QueryAsync(account, "create type pair as (a int, b text, c int[])");
    }

    private static readonly Lazy<System.Collections.Concurrent.ConcurrentDictionary<string, Lazy<Task>>> Types = new(() => new());
}
