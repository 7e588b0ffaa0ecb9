using System.Buffers;
using System.Buffers.Binary;

namespace Kataven.Grains.Queries;

/// <summary>
/// Keeps rows as they came, until their types are known: what an account's own type is can only be asked when the
/// statement has ended.
/// </summary>
internal sealed class SpooledRows(int columns) : IRowSink
{
    private const int IsNull = -1;

    private readonly ArrayBufferWriter<byte> _values = new(4096);

    public int Length => _values.WrittenCount;

    public int WholeLength { get; private set; }

    public void BeginRow()
    {
    }

    public void Value(int column, ReadOnlySpan<byte> text)
    {
        WriteLength(text.Length);
        _values.Write(text);
    }

    public void Null(int column) => WriteLength(IsNull);

    public void EndRow() => WholeLength = Length;

    public void ReplayInto(IRowSink sink)
    {
        var rest = _values.WrittenSpan;
        while (!rest.IsEmpty)
        {
            sink.BeginRow();
            for (var column = 0; column < columns; column++)
            {
                var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
                rest = rest[sizeof(int)..];
                if (length == IsNull)
                {
                    sink.Null(column);
                }
                else
                {
                    sink.Value(column, rest[..length]);
                    rest = rest[length..];
                }
            }

            sink.EndRow();
        }
    }

    private void WriteLength(int length)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_values.GetSpan(sizeof(int)), length);
        _values.Advance(sizeof(int));
    }
}
