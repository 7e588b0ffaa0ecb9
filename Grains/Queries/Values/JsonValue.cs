using System.Buffers;
using Kataven.Queries;

namespace Kataven.Grains.Queries.Values;

/// <summary>A value as PostgreSQL prints it, written as the JSON that stands for it without loss.</summary>
internal static class JsonValue
{
    private static readonly SearchValues<byte> LineBreaks = SearchValues.Create("\r\n"u8);

    /// <param name="output">Where the JSON goes.</param>
    /// <param name="type">The type of the value.</param>
    /// <param name="text">PostgreSQL's text form, UTF-8. SQL null has none: that is <see cref="WriteNull"/>.</param>
    /// <param name="numbers">What numbers become; those inside <c>json</c> stay as they are.</param>
    public static void Write(IBufferWriter<byte> output, PgType type, ReadOnlySpan<byte> text, NumberMode numbers)
    {
        switch (type.Kind)
        {
            case PgTypeKind.Number:
                WriteNumber(output, text, numbers);
                break;
            case PgTypeKind.Boolean:
                output.Write(text is [(byte)'t', ..] ? "true"u8 : "false"u8);
                break;
            case PgTypeKind.Json:
                WriteJson(output, text);
                break;
            case PgTypeKind.Timestamp or PgTypeKind.TimestampTz:
                WriteTimestamp(output, text, type.Kind == PgTypeKind.TimestampTz);
                break;
            case PgTypeKind.Array:
                JsonArray.Write(output, type, text, numbers);
                break;
            default:
                JsonText.WriteString(output, text);
                break;
        }
    }

    public static void WriteNull(IBufferWriter<byte> output) => output.Write("null"u8);

    // NaN and the infinities end in a letter, every other number in a digit.
    private static void WriteNumber(IBufferWriter<byte> output, ReadOnlySpan<byte> text, NumberMode numbers)
    {
        if (numbers == NumberMode.Number && text is [.., >= (byte)'0' and <= (byte)'9'])
            output.Write(text);
        else
            JsonText.WriteString(output, text);
    }

    private static void WriteTimestamp(IBufferWriter<byte> output, ReadOnlySpan<byte> text, bool withZone)
    {
        Span<byte> room = stackalloc byte[IsoTimestamp.MaxLength];
        JsonText.WriteString(output, IsoTimestamp.Format(text, withZone, room));
    }

    // JSON allows line breaks between tokens only, where a space says the same: a row of NDJSON must stay one line.
    private static void WriteJson(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        int lineBreak;
        while ((lineBreak = text.IndexOfAny(LineBreaks)) >= 0)
        {
            output.Write(text[..lineBreak]);
            output.Write(" "u8);
            text = text[(lineBreak + 1)..];
        }
        output.Write(text);
    }
}
