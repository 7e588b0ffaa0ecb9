using System.Buffers;
using Kataven.Grains.Queries.Values;
using Kataven.Queries;

namespace Kataven.Grains.Queries;

/// <summary>
/// ⑥ Writes rows as JSON arrays or objects: with commas between them for an answer, with a line feed behind each for a stream.
/// </summary>
internal sealed class JsonRows : IRowSink
{
    private readonly ArrayBufferWriter<byte> _output;
    private readonly Column[] _columns;
    private readonly byte[][]? _names;
    private readonly NumberMode _numbers;
    private readonly bool _lines;
    private bool _first = true;
    private int? _rowStart;

    public JsonRows(ArrayBufferWriter<byte> output, Column[] columns, QueryOptions options, bool lines)
    {
        _output = output;
        _columns = columns;
        _numbers = options.Numbers;
        _lines = lines;
        _names = options.RowMode == RowMode.Object ? [.. columns.Select(NameOf)] : null;
    }

    public int Length => _output.WrittenCount;

    public int WholeLength => _rowStart ?? Length;

    public void BeginRow()
    {
        _rowStart = Length;
        if (!_first && !_lines)
        {
            _output.Write(","u8);
        }

        _first = false;
        _output.Write(_names is null ? "["u8 : "{"u8);
    }

    public void Value(int column, ReadOnlySpan<byte> text)
    {
        Separate(column);
        JsonValue.Write(_output, _columns[column].Type, text, _numbers);
    }

    public void Null(int column)
    {
        Separate(column);
        _output.Write("null"u8);
    }

    public void EndRow()
    {
        _output.Write(_names is null ? "]"u8 : "}"u8);
        if (_lines)
        {
            _output.Write("\n"u8);
        }

        _rowStart = null;
    }

    private void Separate(int column)
    {
        if (column > 0)
        {
            _output.Write(","u8);
        }

        if (_names is not null)
        {
            _output.Write(_names[column]);
        }
    }

    private static byte[] NameOf(Column column)
    {
        var name = new ArrayBufferWriter<byte>();
        JsonText.WriteString(name, column.Name);
        name.Write(":"u8);
        return name.WrittenSpan.ToArray();
    }
}
