using System.Buffers;
using Kataven.Queries;

namespace Kataven.Grains.Queries.Values;

/// <summary>
/// PostgreSQL's array literals as JSON arrays. A single pass that keeps no depth: braces become brackets one for one.
/// </summary>
internal static class JsonArray
{
    private const int SliceLength = 4096;

    public static void Write(IBufferWriter<byte> output, PgType type, ReadOnlySpan<byte> text, NumberMode numbers)
    {
        // Bounds other than 1 stand before the elements, as in [0:1]={1,2}. JSON arrays have none.
        if (text is [(byte)'[', ..])
            text = text[Math.Max(text.IndexOf((byte)'{'), 0)..];

        var element = type.Element!;
        if (element.Kind == PgTypeKind.Number && numbers == NumberMode.Number && type.Delimiter == ','
            && !text.ContainsAny((byte)'N', (byte)'I'))
        {
            WriteFiniteNumbers(output, text);
            return;
        }
        while (!text.IsEmpty)
            text = text[WriteNext(output, type, element, text, numbers)..];
    }

    /// <summary>With no NULL, NaN or Infinity among them, the braces are all that differs.</summary>
    private static void WriteFiniteNumbers(IBufferWriter<byte> output, ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            var slice = text[..Math.Min(text.Length, SliceLength)];
            var room = output.GetSpan(slice.Length)[..slice.Length];
            slice.Replace(room, (byte)'{', (byte)'[');
            room.Replace((byte)'}', (byte)']');
            output.Advance(slice.Length);
            text = text[slice.Length..];
        }
    }

    /// <summary>Writes a bracket, a comma or an element; returns the length of what it was in <paramref name="text"/>.</summary>
    private static int WriteNext(
        IBufferWriter<byte> output, PgType type, PgType element, ReadOnlySpan<byte> text, NumberMode numbers)
    {
        switch (text[0])
        {
            case (byte)'{':
                output.Write("["u8);
                return 1;
            case (byte)'}':
                output.Write("]"u8);
                return 1;
            case (byte)'"':
                return WriteQuoted(output, element, text, numbers);
            case var delimiter when delimiter == type.Delimiter:
                output.Write(","u8);
                return 1;
            default:
                return WriteBare(output, type, element, text, numbers);
        }
    }

    private static int WriteBare(
        IBufferWriter<byte> output, PgType type, PgType element, ReadOnlySpan<byte> text, NumberMode numbers)
    {
        var end = text.IndexOfAny(type.Delimiter, (byte)'}');
        var bare = end < 0 ? text : text[..end];
        // A string of these four letters is quoted by PostgreSQL.
        if (bare.SequenceEqual("NULL"u8))
            JsonValue.WriteNull(output);
        else
            JsonValue.Write(output, element, bare, numbers);
        return bare.Length;
    }

    private static int WriteQuoted(IBufferWriter<byte> output, PgType element, ReadOnlySpan<byte> text, NumberMode numbers)
    {
        var escapes = 0;
        var end = 1;
        while (true)
        {
            var step = text[end..].IndexOfAny((byte)'"', (byte)'\\');
            if (step < 0)
                throw new FormatException("An array's quoted element does not end.");
            end += step;
            if (text[end] == '"')
                break;
            escapes++;
            end += 2;
        }
        var quoted = text[1..end];
        if (escapes == 0)
            JsonValue.Write(output, element, quoted, numbers);
        else
            WriteUnescaped(output, element, quoted, numbers);
        return end + 1;
    }

    private static void WriteUnescaped(IBufferWriter<byte> output, PgType element, ReadOnlySpan<byte> quoted, NumberMode numbers)
    {
        var rented = ArrayPool<byte>.Shared.Rent(quoted.Length);
        var length = 0;
        int backslash;
        while ((backslash = quoted.IndexOf((byte)'\\')) >= 0)
        {
            quoted[..backslash].CopyTo(rented.AsSpan(length));
            length += backslash;
            rented[length++] = quoted[backslash + 1];
            quoted = quoted[(backslash + 2)..];
        }
        quoted.CopyTo(rented.AsSpan(length));
        JsonValue.Write(output, element, rented.AsSpan(0, length + quoted.Length), numbers);
        ArrayPool<byte>.Shared.Return(rented);
    }
}
