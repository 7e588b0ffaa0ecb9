using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;

namespace Kataven.Baseline.Queries;

/// <summary>Writes what a statement gave, byte for byte as the product does.</summary>
internal sealed class Answer(NpgsqlDataReader reader, string sql)
{
    public const string Ndjson = "application/x-ndjson";

    /// <summary>Bytes that are kept back before the socket gets them.</summary>
    private const int StreamPart = 64 * 1024;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_rows;

    private readonly Column[] _columns = Column.AllOf(reader);

    /// <summary>One object; its rows are read first, since their number stands before them.</summary>
    public async Task WriteAsync(HttpResponse response, CancellationToken cancellation)
    {
        var rows = Interlocked.Exchange(ref t_rows, null) ?? new ArrayBufferWriter<byte>(4096);
        rows.ResetWrittenCount();
        var count = 0L;
        using (var json = new Utf8JsonWriter(rows, Options))
        {
            json.WriteStartArray();
            while (await reader.ReadAsync(cancellation))
            {
                WriteRow(json);
                count++;
            }

            json.WriteEndArray();
        }

        response.ContentType = "application/json";
        using (var json = new Utf8JsonWriter(response.BodyWriter, Options))
        {
            json.WriteStartObject();
            WriteCommand(json, count);
            WriteColumns(json);
            json.WritePropertyName("rows"u8);
            json.WriteRawValue(rows.WrittenSpan, skipInputValidation: true);
            json.WriteEndObject();
            response.ContentLength = json.BytesCommitted + json.BytesPending;
        }

        await response.BodyWriter.FlushAsync(cancellation);
        t_rows = rows;
    }

    /// <summary>A line for the columns, one for each row, and a last one.</summary>
    public async Task StreamAsync(HttpResponse response, CancellationToken cancellation)
    {
        response.ContentType = Ndjson;
        var output = response.BodyWriter;
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        WriteColumns(json);
        json.WriteEndObject();
        EndLine(json, output);
        var count = 0L;
        while (await reader.ReadAsync(cancellation))
        {
            WriteRow(json);
            EndLine(json, output);
            count++;
            if (output.UnflushedBytes > StreamPart)
            {
                await output.FlushAsync(cancellation);
            }
        }

        json.WriteStartObject();
        WriteCommand(json, count);
        json.WriteEndObject();
        EndLine(json, output);
    }

    private static void EndLine(Utf8JsonWriter json, IBufferWriter<byte> output)
    {
        json.Flush();
        output.Write("\n"u8);
        json.Reset();
    }

    private void WriteCommand(Utf8JsonWriter json, long rows)
    {
        var end = sql.IndexOf(' ', StringComparison.Ordinal);
        json.WriteString("command"u8, (end < 0 ? sql : sql[..end]).ToUpperInvariant());
        json.WriteNumber("row_count"u8, _columns.Length > 0 ? rows : reader.RecordsAffected);
    }

    private void WriteColumns(Utf8JsonWriter json)
    {
        json.WriteStartArray("columns"u8);
        foreach (var column in _columns)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, column.Name);
            json.WriteString("type"u8, column.Type);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteRow(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        for (var i = 0; i < _columns.Length; i++)
        {
            _columns[i].Write(json, reader, i);
        }

        json.WriteEndArray();
    }
}
