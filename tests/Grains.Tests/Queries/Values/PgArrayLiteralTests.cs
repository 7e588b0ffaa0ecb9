using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Kataven.Grains.Queries.Values;
using Kataven.Testing;

namespace Kataven.Grains.Tests.Queries.Values;

public sealed class PgArrayLiteralTests(PostgresFixture postgres)
{
    private const uint TextArray = 1009;
    private const uint JsonbArray = 3807;

    [Theory]
    [InlineData("[]", "{}")]
    [InlineData("[1, -2.50, 1e400]", "{1,-2.50,1e400}")]
    [InlineData("[true,false,null]", "{true,false,NULL}")]
    [InlineData("""["a", "NULL", "", "b,c", "d\"e", "f\\g", "\u00e9\n"]""", "{\"a\",\"NULL\",\"\",\"b,c\",\"d\\\"e\",\"f\\\\g\",\"é\n\"}")]
    [InlineData("[[1,2],[3,4]]", "{{1,2},{3,4}}")]
    [InlineData("[[[1],[null]]]", "{{{1},{NULL}}}")]
    [InlineData("[[],[]]", "{{},{}}")]
    [InlineData("[1,[2,3]]", "{1,{2,3}}")]
    [InlineData("[[1],2]", "{{1},2}")]
    [InlineData("""[{"a": [1, "x\"y"]}, {}]""", """{"{\"a\": [1, \"x\\\"y\"]}","{}"}""")]
    public void A_json_array_is_an_array_literal(string json, string literal) =>
        Assert.Equal(literal, PgArrayLiteral.FromJson(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void The_delimiter_is_the_element_types() =>
        Assert.Equal("{\"(1,1),(0,0)\";NULL}", PgArrayLiteral.FromJson("""["(1,1),(0,0)",null]"""u8, (byte)';'));

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1")]
    [InlineData("[1,]")]
    [InlineData("[1] 2")]
    [InlineData("""["\ud800"]""")]
    public void What_is_no_json_array_is_refused(string json) =>
        Assert.ThrowsAny<JsonException>(() => PgArrayLiteral.FromJson(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Bytes_that_are_no_unicode_are_refused() =>
        Assert.ThrowsAny<JsonException>(() => PgArrayLiteral.FromJson([(byte)'[', (byte)'"', 0xff, (byte)'"', (byte)']']));

    [Fact]
    public async Task Any_texts_come_back_from_a_text_array()
    {
        await using var connection = await TextRow.OpenAsync(postgres.ConnectionString);
        await Gen.OneOf(GenText.Any, Gen.Const((string?)null)!).Array[0, 6].SampleAsync(async texts =>
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(texts);
            var (oid, text) = (await TextRow.ReadAsync(connection, "select $1::text[]", PgArrayLiteral.FromJson(json)))[0];
            Assert.Equal(TextArray, oid);
            Assert.Equal(texts, JsonSerializer.Deserialize<string?[]>(TextRow.Json(TextRow.Type(oid), text)));
        }, iter: 300, threads: 1);
    }

    [Fact]
    public async Task Arrays_of_two_dimensions_come_back_nested()
    {
        await using var connection = await TextRow.OpenAsync(postgres.ConnectionString);
        var matrix = Gen.Select(Gen.Int[1, 3], Gen.Int[1, 3]).SelectMany((rows, columns) => GenText.Any.Array[columns].Array[rows]);
        await matrix.SampleAsync(async texts =>
        {
            var json = JsonSerializer.SerializeToUtf8Bytes(texts);
            var (oid, text) = (await TextRow.ReadAsync(connection, "select $1::text[]", PgArrayLiteral.FromJson(json)))[0];
            Assert.Equal(texts, JsonSerializer.Deserialize<string[][]>(TextRow.Json(TextRow.Type(oid), text)));
        }, iter: 100, threads: 1);
    }

    [Fact]
    public async Task Any_objects_come_back_from_a_jsonb_array()
    {
        await using var connection = await TextRow.OpenAsync(postgres.ConnectionString);
        await GenJson.AnyObject.Array[0, 4].SampleAsync(async objects =>
        {
            var json = $"[{string.Join(", ", objects)}]";
            var (oid, text) = (await TextRow.ReadAsync(
                connection, "select $1::jsonb[]", PgArrayLiteral.FromJson(Encoding.UTF8.GetBytes(json))))[0];
            Assert.Equal(JsonbArray, oid);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(TextRow.Json(TextRow.Type(oid), text))));
        }, iter: 200, threads: 1);
    }

    [Fact]
    public async Task Any_json_comes_back_from_json_and_jsonb_on_one_line()
    {
        await using var connection = await TextRow.OpenAsync(postgres.ConnectionString);
        await GenJson.Any.SampleAsync(async json =>
        {
            // A line break at each place where JSON allows one is the worst case of indentation.
            var spread = JsonNode.Parse(json)?.ToJsonString(new() { WriteIndented = true, NewLine = "\r\n" }) ?? "null";
            var row = await TextRow.ReadAsync(connection, "select $1::jsonb, $2::json", json, spread);
            foreach (var (oid, text) in row)
            {
                var back = TextRow.Json(TextRow.Type(oid), text);
                Assert.DoesNotContain('\n', back);
                Assert.DoesNotContain('\r', back);
                Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(back)), back);
            }
        }, iter: 200, threads: 1);
    }
}
