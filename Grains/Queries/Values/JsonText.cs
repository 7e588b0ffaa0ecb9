using System.Buffers;
using System.Text;

namespace Kataven.Grains.Queries.Values;

/// <summary>JSON strings with no more escapes than JSON demands: <c>"</c>, <c>\</c> and control characters.</summary>
internal static class JsonText
{
    /// <summary>One byte becomes at most <c>\u001f</c>.</summary>
    private const int LongestEscape = 6;

    /// <summary>Bytes escaped at a time, which bounds the room asked of the output.</summary>
    private const int SliceLength = 1024;

    private static readonly SearchValues<byte> MustEscape = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (byte)c), (byte)'"', (byte)'\\']);

    public static void WriteString(IBufferWriter<byte> output, ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > SliceLength || utf8.ContainsAny(MustEscape))
        {
            WriteInSlices(output, utf8);
            return;
        }
        var room = output.GetSpan(utf8.Length + 2);
        room[0] = (byte)'"';
        utf8.CopyTo(room[1..]);
        room[utf8.Length + 1] = (byte)'"';
        output.Advance(utf8.Length + 2);
    }

    public static void WriteString(IBufferWriter<byte> output, string text)
    {
        var longest = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = longest > 512 ? ArrayPool<byte>.Shared.Rent(longest) : null;
        Span<byte> utf8 = rented ?? stackalloc byte[512];
        WriteString(output, utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }

    private static void WriteInSlices(IBufferWriter<byte> output, ReadOnlySpan<byte> utf8)
    {
        output.Write("\""u8);
        while (!utf8.IsEmpty)
        {
            // Text without anything to escape goes out in one copy, however long; a cut inside a character is harmless.
            var plain = utf8.IndexOfAny(MustEscape);
            if (plain < 0)
                plain = utf8.Length;
            if (plain > SliceLength)
            {
                output.Write(utf8[..plain]);
                utf8 = utf8[plain..];
                continue;
            }
            var slice = utf8[..Math.Min(utf8.Length, SliceLength)];
            output.Advance(Escape(slice, output.GetSpan(slice.Length * LongestEscape)));
            utf8 = utf8[slice.Length..];
        }
        output.Write("\""u8);
    }

    private static int Escape(ReadOnlySpan<byte> text, Span<byte> room)
    {
        var written = 0;
        while (true)
        {
            var plain = text.IndexOfAny(MustEscape);
            if (plain < 0)
            {
                text.CopyTo(room[written..]);
                return written + text.Length;
            }
            text[..plain].CopyTo(room[written..]);
            written += plain;
            written += EscapeOne(text[plain], room[written..]);
            text = text[(plain + 1)..];
        }
    }

    private static int EscapeOne(byte character, Span<byte> room)
    {
        room[0] = (byte)'\\';
        room[1] = character switch
        {
            (byte)'\n' => (byte)'n',
            (byte)'\r' => (byte)'r',
            (byte)'\t' => (byte)'t',
            (byte)'\b' => (byte)'b',
            (byte)'\f' => (byte)'f',
            < 0x20 => (byte)'u',
            _ => character,
        };
        if (room[1] != (byte)'u')
            return 2;
        room[2] = room[3] = (byte)'0';
        room[4] = (byte)('0' + (character >> 4));
        room[5] = "0123456789abcdef"u8[character & 0xf];
        return LongestEscape;
    }
}
