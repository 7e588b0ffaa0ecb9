using System.Text;
using Spectre.Console.Rendering;

namespace Kataven.Cli.Output;

/// <summary>The line of a statement at which PostgreSQL stumbled, and a caret below the place.</summary>
internal static class Caret
{
    private const int Around = 40;

    /// <param name="statement">The statement as it was sent.</param>
    /// <param name="position">Counted in characters (code points, not UTF-16 units) from 1, as PostgreSQL does.</param>
    public static IReadOnlyList<string> Of(string? statement, int? position)
    {
        if (statement is null || position is not > 0)
            return [];

        var offset = Offset(statement, position.Value - 1);
        if (offset is null)
            return [];

        var start = offset.Value == 0 ? 0 : statement.LastIndexOf('\n', offset.Value - 1) + 1;
        var end = statement.IndexOf('\n', offset.Value);
        var line = statement[start..(end < 0 ? statement.Length : end)].TrimEnd('\r');
        var prefix = $"LINE {statement.AsSpan(0, start).Count('\n') + 1}: ";

        var (before, after) = Window(line, Math.Min(offset.Value - start, line.Length));
        return
        [
            prefix + before + after,
            new string(' ', Cells(prefix) + Cells(before)) + "^",
        ];
    }

    /// <summary>The UTF-16 offset of a code point; the end counts too: there PostgreSQL reports what is missing.</summary>
    private static int? Offset(string statement, int codePoints)
    {
        var offset = 0;
        foreach (var rune in statement.EnumerateRunes())
        {
            if (codePoints-- == 0)
                return offset;

            offset += rune.Utf16SequenceLength;
        }

        return codePoints == 0 ? offset : null;
    }

    /// <summary>Both sides of the place, cut to what fits a line; tabs as blanks, so that the caret stands right.</summary>
    private static (string Before, string After) Window(string line, int at)
    {
        var from = Math.Max(0, at - Around);
        var to = Math.Min(line.Length, at + Around);
        if (from > 0 && char.IsLowSurrogate(line[from]))
            from++;
        if (to < line.Length && char.IsLowSurrogate(line[to]))
            to--;

        return (
            (from > 0 ? "..." : "") + Shown(line[from..at]),
            Shown(line[at..to]) + (to < line.Length ? "..." : ""));
    }

    private static string Shown(string part) => TerminalText.Cell(part.Replace('\t', ' '));

    private static int Cells(string text) => new Segment(text).CellCount();
}
