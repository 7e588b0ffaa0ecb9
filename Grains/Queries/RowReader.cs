using System.Buffers.Binary;
using Kataven.Grains.Connections;
using Npgsql;

namespace Kataven.Grains.Queries;

/// <summary>Moves rows from PostgreSQL's answer into a sink, never holding more than a value beyond what the sink holds.</summary>
internal static class RowReader
{
    public static ColumnHeader[] Headers(NpgsqlDataReader reader)
    {
        var headers = new ColumnHeader[reader.FieldCount];
        for (var i = 0; i < headers.Length; i++)
        {
            headers[i] = new ColumnHeader(reader.GetName(i), reader.GetDataTypeOID(i), NpgsqlInternals.TypeModifier(reader, i));
        }

        return headers;
    }

    /// <summary>Reads rows until the sink holds as much as it may, or there are none left.</summary>
    /// <param name="reader">Opened for sequential access, so that a value of a gigabyte is not in memory before its length is seen.</param>
    /// <param name="sink">Where they go.</param>
    /// <param name="limit">Bytes.</param>
    /// <param name="writer">Of the account's long answers, which take turns; null where none is long.</param>
    /// <param name="whole">True where everything has to fit; then the row that would not is not taken.</param>
    /// <param name="clock">Cancels the statement.</param>
    public static ValueTask<RowsRead> ReadAsync(
        NpgsqlDataReader reader, IRowSink sink, int limit, LongAnswers.Writer? writer, bool whole, StatementClock clock) =>
        ReadAsync(reader, sink, limit, writer, whole, clock, clock.Token);

    /// <inheritdoc cref="ReadAsync(NpgsqlDataReader, IRowSink, int, LongAnswers.Writer?, bool, StatementClock)"/>
    /// <param name="cancellation">Cancels the statement, and gives its connection up.</param>
    public static ValueTask<RowsRead> ReadAsync(NpgsqlDataReader reader, IRowSink sink, int limit, CancellationToken cancellation) =>
        ReadAsync(reader, sink, limit, null, whole: true, null, cancellation);

    private static async ValueTask<RowsRead> ReadAsync(
        NpgsqlDataReader reader, IRowSink sink, int limit, LongAnswers.Writer? writer, bool whole, StatementClock? clock, CancellationToken cancellation)
    {
        var columns = reader.FieldCount;
        while (writer is null
            ? await reader.ReadAsync(cancellation).ConfigureAwait(false)
            : await writer.ReadAsync(reader, sink.Length, cancellation).ConfigureAwait(false))
        {
            sink.BeginRow();
            if (NpgsqlInternals.TryGetRow(reader, out var row))
            {
                if (!TryWrite(row, sink, limit, whole))
                {
                    return RowsRead.TooLarge;
                }
            }
            else if (!await TryWriteAsync(reader, columns, sink, limit, whole, clock?.Late ?? cancellation).ConfigureAwait(false))
            {
                return RowsRead.TooLarge;
            }

            sink.EndRow();
            if (sink.Length > limit)
            {
                return whole ? RowsRead.TooLarge : RowsRead.More;
            }
        }

        return RowsRead.All;
    }

    /// <summary>Writes a row that is at hand. False where a value is too long.</summary>
    private static bool TryWrite(ReadOnlySpan<byte> row, IRowSink sink, int limit, bool whole)
    {
        for (var column = 0; !row.IsEmpty; column++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(row);
            row = row[sizeof(int)..];
            if (length < 0)
            {
                sink.Null(column);
                continue;
            }

            if (IsTooLong(length, sink, limit, whole))
            {
                return false;
            }

            sink.Value(column, row[..length]);
            row = row[length..];
        }

        return true;
    }

    /// <summary>Writes a row value by value, as they come in. False where one is too long: it was not read then.</summary>
    private static async ValueTask<bool> TryWriteAsync(
        NpgsqlDataReader reader, int columns, IRowSink sink, int limit, bool whole, CancellationToken cancellation)
    {
        for (var column = 0; column < columns; column++)
        {
            if (await reader.IsDBNullAsync(column, cancellation).ConfigureAwait(false))
            {
                sink.Null(column);
                continue;
            }

            if (IsTooLong(reader.GetBytes(column, 0, null, 0, 0), sink, limit, whole))
            {
                return false;
            }

            var value = await reader.GetFieldValueAsync<ReadOnlyMemory<byte>>(column, cancellation).ConfigureAwait(false);
            sink.Value(column, value.Span);
        }

        return true;
    }

    private static bool IsTooLong(long length, IRowSink sink, int limit, bool whole) =>
        length > StreamedValueLimit || (whole && sink.Length + length > limit);

    /// <summary>
    /// The longest single value of a stream, in bytes. A stream has no limit, but a value is in memory as a whole.
    /// </summary>
    public const int StreamedValueLimit = 64 * 1024 * 1024;
}
