using System.CommandLine;
using System.Globalization;

namespace Kataven.Cli.Arguments;

/// <summary>A duration of minutes to years: <c>30m</c>, <c>36h</c>, <c>7d</c>, or <c>1.00:00:00</c>, as which it is sent.</summary>
internal static class SpanOption
{
    public static Option<TimeSpan?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = result =>
        {
            if (Parse(result.Tokens[0].Value) is { } span)
                return span;

            result.AddError($"{name} is a duration like 30m, 36h, 7d or 1.00:00:00 (days.hours:minutes:seconds), not '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    public static string Text(TimeSpan span) => span.ToString("c", CultureInfo.InvariantCulture);

    /// <summary>A bare number is refused: the one notation would take it for days, the other for seconds.</summary>
    public static TimeSpan? Parse(string text) => text.Length == 0 ? null : text[^1] switch
    {
        's' => Of(text[..^1], TimeSpan.TicksPerSecond),
        'm' => Of(text[..^1], TimeSpan.TicksPerMinute),
        'h' => Of(text[..^1], TimeSpan.TicksPerHour),
        'd' => Of(text[..^1], TimeSpan.TicksPerDay),
        _ when text.Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var span)
            && span > TimeSpan.Zero => span,
        _ => null,
    };

    private static TimeSpan? Of(string digits, long ticks) =>
        decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
        && value > 0 && value <= (decimal)TimeSpan.MaxValue.Ticks / ticks
            ? new TimeSpan((long)(value * ticks))
            : null;
}
