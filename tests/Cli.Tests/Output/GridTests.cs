using System.Text.Json;
using Kataven.Cli.Output;
using Kataven.Cli.Queries;

namespace Kataven.Cli.Tests.Output;

public sealed class GridTests
{
    [Theory]
    [InlineData("integer", true)]
    [InlineData("numeric(10,2)", true)]
    [InlineData("double precision", true)]
    [InlineData("numeric(10,2)[]", false)]
    [InlineData("character varying(7)", false)]
    [InlineData("text", false)]
    public void Only_numbers_stand_to_the_right(string type, bool isNumeric)
    {
        using var answer = JsonDocument.Parse(
            $$"""{"command":"SELECT","row_count":0,"columns":[{"name":"c","type":"{{type}}"}],"rows":[]}""");

        Assert.Equal([new GridColumn("c", isNumeric)], QueryGrid.Of(answer.RootElement).Columns);
    }

    [Fact]
    public void Cells_keep_what_the_server_wrote()
    {
        using var answer = JsonDocument.Parse(
            """{"command":"INSERT","row_count":1,"columns":[{"name":"a","type":"x"},{"name":"b","type":"x"},{"name":"c","type":"x"},{"name":"d","type":"x"},{"name":"e","type":"x"}],"rows":[[1.10e400,true,{"k": [1]},"NULL",null]]}""");

        var grid = QueryGrid.Of(answer.RootElement);

        Assert.Equal([["1.10e400", "true", """{"k": [1]}""", "NULL", null]], grid.Rows);
        Assert.Equal(["(1 row)", "INSERT 1"], grid.Footer);
    }

    [Fact]
    public void Csv_tells_null_from_the_empty_string()
    {
        var grid = new Grid([new("a", false), new("b,c", false)], [[null, ""], ["x\"y", "1\n2"]]);

        Assert.Equal("a,\"b,c\"\r\n,\"\"\r\n\"x\"\"y\",\"1\n2\"\r\n", CsvText.Of(grid));
    }
}
