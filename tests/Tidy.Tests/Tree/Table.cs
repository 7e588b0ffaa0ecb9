namespace Kataven.Tidy.Tests.Tree;

/// <summary>The rows of Markdown's tables.</summary>
internal static class Table
{
    /// <summary>The cells of each row whose first cell is something in backticks, which is taken out of them.</summary>
    public static IEnumerable<(string Key, string[] Cells)> Rows(TextFile document)
    {
        foreach (var line in document.Lines.Where(line => line.StartsWith("| `", StringComparison.Ordinal)))
        {
            var cells = Split(line);
            if (cells[0].StartsWith('`') && cells[0].IndexOf('`', 1) is > 0 and var end)
            {
                yield return (cells[0][1..end], cells);
            }
        }
    }

    /// <summary>A bar behind a backslash is text.</summary>
    private static string[] Split(string line) =>
        [.. line.Trim().Trim('|').Replace("\\|", "\0", StringComparison.Ordinal).Split('|').Select(cell => cell.Trim().Replace('\0', '|'))];
}
