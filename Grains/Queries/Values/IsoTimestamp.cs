namespace Kataven.Grains.Queries.Values;

/// <summary>PostgreSQL's <c>2024-01-02 03:04:05+00</c> as ISO 8601 has it: <c>2024-01-02T03:04:05+00:00</c>.</summary>
internal static class IsoTimestamp
{
    /// <summary>Room that <see cref="Format"/> needs; the longest text that PostgreSQL prints is half of it.</summary>
    public const int MaxLength = 96;

    private const int AddedToOffset = 3;

    /// <summary>
    /// <paramref name="text"/> in <paramref name="room"/>, or itself where it is no date (<c>infinity</c>) or in another
    /// style than ISO, which a statement may have set for itself.
    /// </summary>
    public static ReadOnlySpan<byte> Format(ReadOnlySpan<byte> text, bool withZone, Span<byte> room)
    {
        var space = text.IndexOf((byte)' ');
        if (!IsIsoStyle(text, space))
            return text;
        text.CopyTo(room);
        room[space] = (byte)'T';
        return room[..(withZone ? CompleteOffset(room, space, text.Length) : text.Length)];
    }

    private static bool IsIsoStyle(ReadOnlySpan<byte> text, int space) =>
        space >= 10 && text[space - 6] == '-' && text[space - 3] == '-'
        && text.Length <= MaxLength - AddedToOffset
        && !text[..(space - 6)].ContainsAnyExceptInRange((byte)'0', (byte)'9');

    /// <summary>PostgreSQL leaves out an offset's minutes where they are zero; ISO 8601 with colons has them.</summary>
    private static int CompleteOffset(Span<byte> room, int time, int length)
    {
        var sign = room[time..length].LastIndexOfAny((byte)'+', (byte)'-');
        if (sign < 0)
            return length;
        var minutes = time + sign + 3;
        // An era (" BC") may follow.
        if (minutes > length || (minutes < length && room[minutes] == ':'))
            return length;
        room[minutes..length].CopyTo(room[(minutes + AddedToOffset)..]);
        ":00"u8.CopyTo(room[minutes..]);
        return length + AddedToOffset;
    }
}
