namespace Kataven.Cli.Output;

/// <summary>RFC 4180 in the same dialect as the server's: null is an empty field, the empty string <c>""</c>.</summary>
internal static class CsvText
{
    public static string Of(Grid grid) =>
        string.Concat(grid.Rows.Select(Line).Prepend(Line([.. grid.Columns.Select(static column => column.Name)])));

    private static string Line(IReadOnlyList<string?> fields) => string.Join(',', fields.Select(Field)) + "\r\n";

    private static string Field(string? text) => text switch
    {
        null => "",
        "" => "\"\"",
        _ when text.AsSpan().IndexOfAny(",\"\r\n") >= 0 => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        _ => text,
    };
}
