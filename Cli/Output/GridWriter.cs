using Spectre.Console;

namespace Kataven.Cli.Output;

/// <summary>Draws a grid: with box lines and decorations on a terminal, in plain characters elsewhere.</summary>
internal static class GridWriter
{
    // Room for what is no terminal: a table in a file is not folded.
    private const int UnboundedWidth = 1_000_000;
    private const int NarrowestColumn = 8;
    private const int ColumnPadding = 3;

    public static void Write(CliConsole console, Grid grid)
    {
        var spectre = SpectreConsole.Create(console, console.OutIsTerminal ? console.Width : UnboundedWidth);
        if (console.OutIsTerminal && grid.Rows.Count > 0 && NaturalWidth(grid) > console.Width)
            WriteRecords(spectre, grid);
        else if (grid.Columns.Count > 0)
            spectre.Write(Draw(console, grid.Columns, grid.Rows));

        foreach (var line in grid.Footer)
            console.Out.WriteLine(TerminalText.Cell(line));
    }

    /// <summary>Columns that would be squeezed to a few letters are shown below each other instead, a table for each row.</summary>
    private static void WriteRecords(IAnsiConsole spectre, Grid grid)
    {
        foreach (var row in grid.Rows)
        {
            var table = NewTable(TableBorder.Rounded).HideHeaders().AddColumn("").AddColumn("");
            for (var i = 0; i < grid.Columns.Count; i++)
                table.AddRow(new Text(TerminalText.Cell(grid.Columns[i].Name), new Style(decoration: Decoration.Bold)), Cell(row[i]));

            spectre.Write(table);
        }
    }

    private static int NaturalWidth(Grid grid) =>
        1 + grid.Columns.Select((column, i) => ColumnPadding + Math.Min(NarrowestColumn, WidestCell(grid, column, i))).Sum();

    private static int WidestCell(Grid grid, GridColumn column, int i) =>
        Math.Max(column.Name.Length, grid.Rows.Max(row => (row[i] ?? "NULL").Length));

    private static Table Draw(
        CliConsole console, IReadOnlyList<GridColumn> columns, IReadOnlyList<IReadOnlyList<string?>> rows)
    {
        var table = NewTable(console.OutIsTerminal ? TableBorder.Rounded : TableBorder.Ascii);
        foreach (var column in columns)
        {
            var header = new Text(TerminalText.Cell(column.Name), new Style(decoration: Decoration.Bold));
            table.AddColumn(new TableColumn(header) { Alignment = column.IsNumeric ? Justify.Right : Justify.Left });
        }

        foreach (var row in rows)
            table.AddRow(row.Select(Cell));

        return table;
    }

    private static Table NewTable(TableBorder border) => new() { Border = border, UseSafeBorder = false };

    private static Text Cell(string? text) =>
        text is null ? new Text("NULL", new Style(decoration: Decoration.Dim)) : new Text(TerminalText.Cell(text));
}
