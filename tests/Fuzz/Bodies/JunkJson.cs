using System.Globalization;
using System.Text;
using Kataven.Fuzz.Cases;

namespace Kataven.Fuzz.Bodies;

/// <summary>JSON that is valid, or nearly.</summary>
internal static class JunkJson
{
    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "7", "1.5", "1e0", "1E+2", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808",
        "18446744073709551616", "1e308", "1e309", "-1e400", "1e-400", "0.1000000000000000055511151231257827", "123456789012345678901234567890.123456789",
    ];

    private static readonly string[] Invalid =
    [
        "01", "+1", ".5", "1.", "1e", "0x10", "NaN", "Infinity", "-", "undefined", "nul", "True", "'a'", "\"\\x\"", "\"\\u12\"", "\"\n\"", "\"", "[1,]",
        "{\"a\":1,}", "{a:1}", "{\"a\"}", "[1 2]", "//c\n1", "/*c*/1", "[", "{", "]", "}", ",", ":", "\ufeff1", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\u0000",
    ];

    public static string Value(Dice dice, int depth = 0) => dice.Below(depth > 5 ? 6 : 9) switch
    {
        0 => "null",
        1 => dice.Of("true", "false"),
        2 => dice.Of(Numbers),
        3 => new string('9', dice.Of(1, 20, 400, 5_000)),
        6 => $"[{dice.Repeat(0, 5, ",", () => Value(dice, depth + 1))}]",
        7 => $"{{{dice.Repeat(0, 4, ",", () => $"{Text(dice)}:{Value(dice, depth + 1)}")}}}",
        8 when dice.OneIn(4) => Nested(dice),
        _ => Text(dice),
    };

    public static string Broken(Dice dice) => dice.Of(Invalid);

    public static string Text(Dice dice) => Quote(JunkText.Make(dice), dice.OneIn(6));

    /// <summary>A JSON string of any UTF-16: lone surrogates are written as escapes, since they are no UTF-8.</summary>
    public static string Quote(string text, bool escapesAll = false)
    {
        var quoted = new StringBuilder("\"");
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var isPair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (isPair && !escapesAll)
            {
                quoted.Append(c).Append(text[++i]);
            }
            else if (escapesAll || c is '"' or '\\' or < ' ' || char.IsSurrogate(c))
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                quoted.Append(c);
            }
        }

        return quoted.Append('"').ToString();
    }

    private static string Nested(Dice dice)
    {
        var depth = dice.Of(10, 60, 63, 64, 65, 200, 10_000);
        var isArray = dice.OneIn(2);
        return string.Concat(Enumerable.Repeat(isArray ? "[" : "{\"a\":", depth)) + "1" + new string(isArray ? ']' : '}', dice.OneIn(8) ? depth - 1 : depth);
    }
}
