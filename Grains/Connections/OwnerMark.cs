using System.Globalization;

namespace Kataven.Grains.Connections;

/// <summary>
/// Which activation owns an account, as the account's role says it to every connection of the server: the moment until which the role
/// may log in, thousands of years away and different each time. The role can read it, and cannot change it.
/// </summary>
/// <param name="Text">As PostgreSQL writes it in a session in UTC.</param>
internal readonly record struct OwnerMark(string Text)
{
    private static readonly DateTime First = new(5000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>About 35 years in microseconds.</summary>
    private const long Span = 1L << 50;

    public static OwnerMark New()
    {
        // An odd number: PostgreSQL leaves out zeros at the end.
        var microseconds = Random.Shared.NextInt64(Span) | 1;
        return new OwnerMark(First.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond).ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture));
    }
}
