using System.Buffers;
using System.Text;
using Kataven.Queries;

namespace Kataven.Grains.Queries.Values;

/// <summary>
/// Fields of RFC 4180. Scalars read as they do in JSON, without its quotes; arrays and <c>json</c> are their JSON text.
/// SQL null is an empty field (nothing to write), the empty string is <c>""</c>.
/// </summary>
internal static class CsvValue
{
    /// <summary>More than this is not kept for the thread's next value.</summary>
    private const int KeptScratch = 1024 * 1024;

    private static readonly SearchValues<byte> MustQuote = SearchValues.Create("\",\r\n"u8);

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_scratch;

    public static void Write(IBufferWriter<byte> output, PgType type, ReadOnlySpan<byte> text)
    {
        switch (type.Kind)
        {
            case PgTypeKind.Boolean:
                output.Write(text is [(byte)'t', ..] ? "true"u8 : "false"u8);
                break;
            case PgTypeKind.Timestamp or PgTypeKind.TimestampTz:
                WriteTimestamp(output, text, type.Kind == PgTypeKind.TimestampTz);
                break;
            case PgTypeKind.Json or PgTypeKind.Array:
                WriteJson(output, type, text);
                break;
            default:
                WriteText(output, text);
                break;
        }
    }

    /// <summary>The name of a column.</summary>
    public static void WriteText(IBufferWriter<byte> output, string text) => WriteText(output, Encoding.UTF8.GetBytes(text));

    /// <summary>A field of text, quoted where it has to be.</summary>
    public static void WriteText(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        // Some readers trim the spaces of a bare field.
        if (text is not ([] or [(byte)' ', ..] or [.., (byte)' ']) && !text.ContainsAny(MustQuote))
        {
            output.Write(text);
            return;
        }
        output.Write("\""u8);
        int quote;
        while ((quote = text.IndexOf((byte)'"')) >= 0)
        {
            output.Write(text[..(quote + 1)]);
            output.Write("\""u8);
            text = text[(quote + 1)..];
        }
        output.Write(text);
        output.Write("\""u8);
    }

    private static void WriteTimestamp(IBufferWriter<byte> output, ReadOnlySpan<byte> text, bool withZone)
    {
        Span<byte> room = stackalloc byte[IsoTimestamp.MaxLength];
        WriteText(output, IsoTimestamp.Format(text, withZone, room));
    }

    private static void WriteJson(IBufferWriter<byte> output, PgType type, ReadOnlySpan<byte> text)
    {
        var scratch = t_scratch ??= new();
        scratch.ResetWrittenCount();
        JsonValue.Write(scratch, type, text, NumberMode.Number);
        WriteText(output, scratch.WrittenSpan);
        if (scratch.Capacity > KeptScratch)
            t_scratch = null;
    }
}
