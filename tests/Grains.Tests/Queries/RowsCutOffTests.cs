using System.Buffers;
using System.Text;
using Kataven.Grains.Queries;
using Kataven.Grains.Queries.Values;
using Kataven.Queries;

namespace Kataven.Grains.Tests.Queries;

/// <summary>A stream that breaks off inside a row sends the whole rows before it, and no part of that one.</summary>
public sealed class RowsCutOffTests
{
    private static readonly Column[] Columns = [Text("a"), Text("b")];

    [Fact]
    public void What_is_whole_of_ndjson_ends_behind_the_last_whole_row() =>
        Assert.Equal("[\"1\",null]\n", WholeOf(output => new JsonRows(output, Columns, QueryOptions.Default, lines: true)));

    [Fact]
    public void What_is_whole_of_csv_ends_behind_the_last_whole_row() =>
        Assert.Equal("1,\r\n", WholeOf(output => new CsvRows(output, Columns)));

    private static string WholeOf(Func<ArrayBufferWriter<byte>, IRowSink> make)
    {
        var output = new ArrayBufferWriter<byte>();
        var rows = make(output);
        rows.BeginRow();
        rows.Value(0, "1"u8);
        rows.Null(1);
        rows.EndRow();
        Assert.Equal(output.WrittenCount, rows.WholeLength);
        rows.BeginRow();
        rows.Value(0, "2"u8);
        return Encoding.UTF8.GetString(output.WrittenSpan[..rows.WholeLength]);
    }

    private static Column Text(string name) => new(name, "text", PgType.Scalar(25, PgTypeKind.Text));
}
