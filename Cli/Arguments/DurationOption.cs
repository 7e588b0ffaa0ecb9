using System.CommandLine;
using System.Globalization;

namespace Kataven.Cli.Arguments;

/// <summary>A duration that is sent as whole milliseconds: <c>500ms</c>, <c>1.5s</c>, <c>2m</c>; a bare number is seconds.</summary>
internal static class DurationOption
{
    public static Option<int?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = result =>
        {
            if (ParseMilliseconds(result.Tokens[0].Value) is { } milliseconds)
                return milliseconds;

            result.AddError($"{name} is a duration like 500ms, 1.5s or 2m (a bare number is seconds), not '{result.Tokens[0].Value}'.");
            return null;
        },
    };

    public static int? ParseMilliseconds(string text)
    {
        var (digits, factor) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 1m),
            _ when text.EndsWith('s') => (text[..^1], 1_000m),
            _ when text.EndsWith('m') => (text[..^1], 60_000m),
            _ => (text, 1_000m),
        };
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value <= int.MaxValue / factor && value * factor >= 1
            ? (int)(value * factor)
            : null;
    }
}
