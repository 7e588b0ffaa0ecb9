using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Kataven.Grains.Queries.Values;

/// <summary>
/// A JSON array as the literal of a PostgreSQL array. The element's type is PostgreSQL's to infer and the shape its to
/// judge: a ragged array goes through as it is, and is refused there.
/// </summary>
internal static class PgArrayLiteral
{
    /// <summary>Deeper than any body that is read, so that this is never the limit that is met first.</summary>
    private const int MaxDepth = 1024;

    private static readonly SearchValues<byte> MustEscape = SearchValues.Create("\"\\"u8);

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <param name="json">One JSON array.</param>
    /// <param name="delimiter">The element type's <c>typdelim</c>: a comma but for <c>box</c>.</param>
    /// <exception cref="JsonException">It is no JSON array, or a string in it is no valid Unicode.</exception>
    public static string FromJson(ReadOnlySpan<byte> json, byte delimiter = (byte)',')
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
                throw new JsonException("A JSON array was expected.");
            var literal = new ArrayBufferWriter<byte>(json.Length + 16);
            WriteArray(literal, json, ref reader, delimiter);
            // Throws where something follows.
            reader.Read();
            return Strict.GetString(literal.WrittenSpan);
        }
        // Half of a surrogate pair, or bytes that are no UTF-8.
        catch (Exception invalid) when (invalid is InvalidOperationException or DecoderFallbackException)
        {
            throw new JsonException("A string is no valid Unicode.", invalid);
        }
    }

    private static void WriteArray(
        ArrayBufferWriter<byte> literal, ReadOnlySpan<byte> json, ref Utf8JsonReader reader, byte delimiter)
    {
        literal.Write("{"u8);
        var first = true;
        while (reader.CurrentDepth > 0 || reader.TokenType != JsonTokenType.EndArray)
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.EndArray)
            {
                literal.Write("}"u8);
                first = false;
                continue;
            }
            if (!first)
                literal.Write([delimiter]);
            first = reader.TokenType == JsonTokenType.StartArray;
            if (first)
                literal.Write("{"u8);
            else
                WriteElement(literal, json, ref reader);
        }
    }

    private static void WriteElement(ArrayBufferWriter<byte> literal, ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                literal.Write("NULL"u8);
                break;
            case JsonTokenType.String when reader.ValueIsEscaped:
                var rented = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
                WriteQuoted(literal, rented.AsSpan(0, reader.CopyString(rented)));
                ArrayPool<byte>.Shared.Return(rented);
                break;
            case JsonTokenType.String:
                WriteQuoted(literal, reader.ValueSpan);
                break;
            case JsonTokenType.StartObject:
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                WriteQuoted(literal, json[start..(int)reader.BytesConsumed]);
                break;
            default:
                literal.Write(reader.ValueSpan);
                break;
        }
    }

    private static void WriteQuoted(ArrayBufferWriter<byte> literal, ReadOnlySpan<byte> text)
    {
        literal.Write("\""u8);
        int special;
        while ((special = text.IndexOfAny(MustEscape)) >= 0)
        {
            literal.Write(text[..special]);
            literal.Write([(byte)'\\', text[special]]);
            text = text[(special + 1)..];
        }
        literal.Write(text);
        literal.Write("\""u8);
    }
}
