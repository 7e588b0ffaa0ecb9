using System.Text.Json;
using Kataven.Cli.Output;

namespace Kataven.Cli.Queries;

/// <summary>Lays out the answer of <c>POST /api/query</c>.</summary>
internal static class QueryGrid
{
    private static readonly HashSet<string> NumericTypes =
        ["smallint", "integer", "bigint", "numeric", "real", "double precision", "oid", "money"];

    public static Grid Of(JsonElement answer)
    {
        var columns = answer.GetProperty("columns").EnumerateArray().Select(Column).ToList();
        List<IReadOnlyList<string?>> rows =
            [.. answer.GetProperty("rows").EnumerateArray().Select(static row => row.EnumerateArray().Select(CellText.Of).ToList())];
        return new Grid(columns, rows) { Footer = Footer(answer, columns.Count, rows.Count) };
    }

    private static GridColumn Column(JsonElement column)
    {
        var type = column.GetProperty("type").GetString() ?? "";
        var modifier = type.IndexOf('(', StringComparison.Ordinal);
        // numeric(10,2) is numeric(10,2); numeric(10,2)[] is an array.
        var isNumeric = !type.EndsWith(']') && NumericTypes.Contains(modifier < 0 ? type : type[..modifier]);
        return new GridColumn(column.GetProperty("name").GetString() ?? "", isNumeric);
    }

    /// <summary>Like psql: the count below a result, the command's tag where there is none, both where a write returns rows.</summary>
    private static List<string> Footer(JsonElement answer, int columns, int rows)
    {
        var command = answer.GetProperty("command").GetString() ?? "";
        var isRead = command is "SELECT" or "VALUES" or "TABLE" or "SHOW" or "EXPLAIN" or "FETCH" or "";
        var lines = new List<string>();
        if (columns > 0 || command == "SELECT")
            lines.Add(ObjectGrid.Count(columns > 0 ? rows : RowCount(answer) ?? rows));
        if (!isRead || lines.Count == 0)
            lines.Add(CountsRows(command) && RowCount(answer) is { } count ? $"{command} {count}" : command);

        return lines;
    }

    private static bool CountsRows(string command) => command is "INSERT" or "UPDATE" or "DELETE" or "MERGE" or "COPY" or "MOVE";

    private static int? RowCount(JsonElement answer) =>
        answer.TryGetProperty("row_count", out var count) && count.ValueKind == JsonValueKind.Number && count.TryGetInt32(out var value)
            ? value
            : null;
}
