using Kataven.Grains.Queries.Values;
using Kataven.Queries;
using Kataven.Testing;

namespace Kataven.Grains.Tests.Queries.Values;

public sealed class JsonOfEveryTypeTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("32767::smallint", "32767")]
    [InlineData("(-9223372036854775808)::bigint", "-9223372036854775808")]
    [InlineData("12345678901234567890123456789012345678.90000::numeric", "12345678901234567890123456789012345678.90000")]
    [InlineData("'NaN'::numeric", "\"NaN\"")]
    [InlineData("'-Infinity'::numeric", "\"-Infinity\"")]
    [InlineData("0.1::real", "0.1")]
    [InlineData("1e-7::float8", "1e-07")]
    [InlineData("1.7976931348623157e308::float8", "1.7976931348623157e+308")]
    [InlineData("'-0'::float8", "-0")]
    [InlineData("'Infinity'::float8", "\"Infinity\"")]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("'{\"a\":  1.10,\n\r\n\"b\": \"\\n\\u2028\"}'::json", "{\"a\":  1.10,   \"b\": \"\\n\\u2028\"}")]
    [InlineData("'{\"a\": 1e400, \"b\": [null, 1.10]}'::jsonb - 'a'", "{\"b\": [null, 1.10]}")]
    [InlineData("timestamp '2024-01-02 03:04:05.123456'", "\"2024-01-02T03:04:05.123456\"")]
    [InlineData("timestamp '2024-01-02'", "\"2024-01-02T00:00:00\"")]
    [InlineData("timestamp '0044-03-15 12:00 BC'", "\"0044-03-15T12:00:00 BC\"")]
    [InlineData("timestamp '294276-12-31 23:59:59.999999'", "\"294276-12-31T23:59:59.999999\"")]
    [InlineData("timestamp 'infinity'", "\"infinity\"")]
    [InlineData("timestamptz '2024-01-02 03:04:05.1+02'", "\"2024-01-02T01:04:05.1+00:00\"")]
    [InlineData("timestamptz '0044-03-15 12:00+00 BC'", "\"0044-03-15T12:00:00+00:00 BC\"")]
    [InlineData("timestamptz '-infinity'", "\"-infinity\"")]
    [InlineData("date '2024-01-02'", "\"2024-01-02\"")]
    [InlineData("date '0001-01-01 BC'", "\"0001-01-01 BC\"")]
    [InlineData("time '03:04:05.5'", "\"03:04:05.5\"")]
    [InlineData("timetz '03:04:05+01'", "\"03:04:05+01\"")]
    [InlineData("interval '1 year 2 days 03:04:05.6'", "\"1 year 2 days 03:04:05.6\"")]
    [InlineData("'it''s \"quoted\" \\ and /'::text", "\"it's \\\"quoted\\\" \\\\ and /\"")]
    [InlineData("E'\\x01\\t\\n\\r\\b\\f\\x1f\\x7f'::text", "\"\\u0001\\t\\n\\r\\b\\f\\u001f\u007f\"")]
    [InlineData("'größe 🐘 \u2028'::varchar", "\"größe 🐘 \u2028\"")]
    [InlineData("''::text", "\"\"")]
    [InlineData("null::int", "null")]
    [InlineData("null", "null")]
    [InlineData("'ab'::char(4)", "\"ab  \"")]
    [InlineData("'x'::\"char\"", "\"x\"")]
    [InlineData("'\\xdeadbeef'::bytea", "\"\\\\xdeadbeef\"")]
    [InlineData("'12.34'::money", "\"$12.34\"")]
    [InlineData("'pg_class'::regclass", "\"pg_class\"")]
    [InlineData("42::oid", "\"42\"")]
    [InlineData("'1 2'::int2vector", "\"1 2\"")]
    [InlineData("'6f5902ac-237c-4f0b-9a3c-1f0e4c9d6f60'::uuid", "\"6f5902ac-237c-4f0b-9a3c-1f0e4c9d6f60\"")]
    [InlineData("'10.0.0.0/8'::inet", "\"10.0.0.0/8\"")]
    [InlineData("B'101'", "\"101\"")]
    [InlineData("point(1,2.5)", "\"(1,2.5)\"")]
    [InlineData("box '(1,1),(0,0)'", "\"(1,1),(0,0)\"")]
    [InlineData("int4range(1,5)", "\"[1,5)\"")]
    [InlineData("tsrange('2024-01-02','2024-01-03')", "\"[\\\"2024-01-02 00:00:00\\\",\\\"2024-01-03 00:00:00\\\")\"")]
    [InlineData("'{[1,2),[5,7)}'::int4multirange", "\"{[1,2),[5,7)}\"")]
    [InlineData("to_tsvector('simple', 'a b')", "\"'a':1 'b':2\"")]
    [InlineData("'<a b=\"c\"/>'::xml", "\"<a b=\\\"c\\\"/>\"")]
    [InlineData("'$.a[*]'::jsonpath", "\"$.\\\"a\\\"[*]\"")]
    [InlineData("row(1, 'a \"b\"', row(null, 2))", "\"(1,\\\"a \\\"\\\"b\\\"\\\"\\\",\\\"(,2)\\\")\"")]
    [InlineData("pg_sleep(0)", "\"\"")]
    public async Task A_value_is_the_json_of_its_type(string expression, string json) =>
        Assert.Equal(json, await JsonOfAsync(expression));

    [Theory]
    [InlineData("'{}'::int[]", "[]")]
    [InlineData("array[1,null,3]", "[1,null,3]")]
    [InlineData("array[[1,2],[3,4]]", "[[1,2],[3,4]]")]
    [InlineData("'[0:1]={1,2}'::int[]", "[1,2]")]
    [InlineData("'[-1:0][2:3]={{1,2},{null,4}}'::int[]", "[[1,2],[null,4]]")]
    [InlineData("array[[[[[[1]]]]]]", "[[[[[[1]]]]]]")]
    [InlineData("'{1.50,NaN,Infinity,-Infinity,null}'::float8[]", "[1.5,\"NaN\",\"Infinity\",\"-Infinity\",null]")]
    [InlineData("'{1.50,NaN}'::numeric[]", "[1.50,\"NaN\"]")]
    [InlineData("array[true,false,null]", "[true,false,null]")]
    [InlineData("array['NULL', null, 'null', '', ' a ', 'b,c', '{d}', 'e\"f', 'g\\h', E'i\\nj']",
        "[\"NULL\",null,\"null\",\"\",\" a \",\"b,c\",\"{d}\",\"e\\\"f\",\"g\\\\h\",\"i\\nj\"]")]
    [InlineData("array['{\"a\": [1, \"x\\\\y\"]}', 'null', null, '7']::json[]", "[{\"a\": [1, \"x\\\\y\"]},null,null,7]")]
    [InlineData("array['{\"a\":\n1}']::jsonb[]", "[{\"a\": 1}]")]
    [InlineData("array[E'[1,\\n2]']::json[]", "[[1, 2]]")]
    [InlineData("array[timestamp '2024-01-02 03:04:05', 'infinity', '0044-03-15 BC']",
        "[\"2024-01-02T03:04:05\",\"infinity\",\"0044-03-15T00:00:00 BC\"]")]
    [InlineData("array[[timestamptz '2024-01-02 03:04:05+00', null]]", "[[\"2024-01-02T03:04:05+00:00\",null]]")]
    [InlineData("array[date '2024-01-02']", "[\"2024-01-02\"]")]
    [InlineData("array[box '(1,1),(0,0)', box '(2,2),(1,1)', null]", "[\"(1,1),(0,0)\",\"(2,2),(1,1)\",null]")]
    [InlineData("array[point(1,2)]", "[\"(1,2)\"]")]
    [InlineData("array['\\x00ff'::bytea]", "[\"\\\\x00ff\"]")]
    [InlineData("array['1 2'::int2vector, '3']", "[\"1 2\",\"3\"]")]
    [InlineData("array[int4range(1,5), 'empty']", "[\"[1,5)\",\"empty\"]")]
    [InlineData("array[row(1,'a,b'), row(2,'\"')]", "[\"(1,\\\"a,b\\\")\",\"(2,\\\"\\\"\\\"\\\")\"]")]
    [InlineData("array['pg_class'::regclass]", "[\"pg_class\"]")]
    public async Task An_array_is_a_json_array(string expression, string json) =>
        Assert.Equal(json, await JsonOfAsync(expression));

    [Theory]
    [InlineData("1::int", "\"1\"")]
    [InlineData("'NaN'::float8", "\"NaN\"")]
    [InlineData("array[1.5,null]", "[\"1.5\",null]")]
    [InlineData("array[[1,2]]", "[[\"1\",\"2\"]]")]
    [InlineData("'{\"a\":1}'::json", "{\"a\":1}")]
    [InlineData("array['1'::json]", "[1]")]
    public async Task Numbers_as_strings_leave_those_inside_json_alone(string expression, string json) =>
        Assert.Equal(json, await JsonOfAsync(expression, NumberMode.String));

    [Theory]
    [InlineData("America/New_York", "2024-01-02 03:04:05", "\"2024-01-01T22:04:05-05:00\"")]
    [InlineData("America/New_York", "1800-01-01 04:56:02", "\"1800-01-01T00:00:00-04:56:02\"")]
    [InlineData("America/New_York", "0044-03-15 04:56:02 BC", "\"0044-03-15T00:00:00-04:56:02 BC\"")]
    [InlineData("Asia/Kolkata", "2024-01-02 03:04:05.5", "\"2024-01-02T08:34:05.5+05:30\"")]
    public async Task An_offset_that_the_statement_chose_has_its_minutes(string zone, string instant, string json)
    {
        await using var connection = await TextRow.OpenAsync(postgres.ConnectionString);
        await TextRow.ReadAsync(connection, "select set_config('TimeZone', $1, false)", zone);
        var (oid, text) = (await TextRow.ReadAsync(connection, "select ($1 || ' UTC')::timestamptz", instant))[0];
        Assert.Equal(json, TextRow.Json(TextRow.Type(oid), text));
    }

    [Theory]
    [InlineData("SQL")]
    [InlineData("German")]
    [InlineData("Postgres")]
    public async Task A_date_style_that_the_statement_chose_is_left_as_it_is(string style)
    {
        await using var connection = await TextRow.OpenAsync(postgres.ConnectionString);
        await TextRow.ReadAsync(connection, "select set_config('DateStyle', $1, false)", style);
        var row = await TextRow.ReadAsync(connection, "select t, t::text from (values (timestamptz '2024-01-02 03:04:05+00')) v(t)");
        Assert.Equal(TextRow.Json(TextRow.Type(25), row[1].Text), TextRow.Json(TextRow.Type(row[0].Oid), row[0].Text));
    }

    [Fact]
    public async Task An_array_of_domains_over_arrays_is_nested()
    {
        await using var database = await postgres.CreateDatabaseAsync();
        await using var connection = await TextRow.OpenAsync(database.ConnectionString);
        await using (var create = new Npgsql.NpgsqlCommand("create domain pair as int[]", connection))
            await create.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        var (oid, text) = (await TextRow.ReadAsync(connection, "select '{\"{1,2}\",NULL,\"{}\"}'::pair[]"))[0];
        Assert.Equal("[[1,2],null,[]]", TextRow.Json(PgType.ArrayOf(oid, TextRow.Type(1007)), text));
    }

    private async Task<string> JsonOfAsync(string expression, NumberMode numbers = NumberMode.Number)
    {
        await using var connection = await TextRow.OpenAsync(postgres.ConnectionString);
        var (oid, text) = (await TextRow.ReadAsync(connection, "select " + expression))[0];
        return TextRow.Json(TextRow.Type(oid), text, numbers);
    }
}
