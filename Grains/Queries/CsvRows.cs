using System.Buffers;
using Kataven.Grains.Queries.Values;

namespace Kataven.Grains.Queries;

/// <summary>⑥ Writes rows as RFC 4180 has them.</summary>
internal sealed class CsvRows(ArrayBufferWriter<byte> output, Column[] columns) : IRowSink
{
    private int? _rowStart;

    public int Length => output.WrittenCount;

    public int WholeLength => _rowStart ?? Length;

    public void BeginRow() => _rowStart = Length;

    public void Value(int column, ReadOnlySpan<byte> text)
    {
        Null(column);
        CsvValue.Write(output, columns[column].Type, text);
    }

    public void Null(int column)
    {
        if (column > 0)
        {
            output.Write(","u8);
        }
    }

    public void EndRow()
    {
        output.Write("\r\n"u8);
        _rowStart = null;
    }
}
