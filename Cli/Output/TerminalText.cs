using System.Globalization;
using System.Text;

namespace Kataven.Cli.Output;

/// <summary>
/// Text that came from somebody else, made harmless for a terminal: what moves the cursor, recolours, or reorders
/// what is read is shown as its escape (<c>\u001B</c>, which JSON reads as the same character).
/// </summary>
internal static class TerminalText
{
    /// <summary>For one cell or one line: nothing may end the line either.</summary>
    public static string Cell(string text) => Escape(text, keepLines: false);

    /// <summary>For text of several lines.</summary>
    public static string Lines(string text) => Escape(text, keepLines: true);

    public static bool IsHarmful(char c) =>
        char.IsControl(c) || c is '\u061C' or '\u200E' or '\u200F' or '\u2028' or '\u2029'
            or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    public static void AppendEscape(StringBuilder to, char c) =>
        to.Append("\\u").Append(((int)c).ToString("X4", CultureInfo.InvariantCulture));

    private static string Escape(string text, bool keepLines)
    {
        if (!text.Any(IsHarmful))
            return text;

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (!IsHarmful(c) || (keepLines && c is '\n' or '\t'))
                escaped.Append(c);
            else if (c is '\n' or '\r' or '\t')
                escaped.Append(c switch { '\n' => "\\n", '\r' => "\\r", _ => "\\t" });
            else
                AppendEscape(escaped, c);
        }

        return escaped.ToString();
    }
}
