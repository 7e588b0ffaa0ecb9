namespace Kataven.Cli.Output;

/// <summary>An answer laid out as rows of texts; a cell that is <c>null</c> is SQL's null, or a member that is not there.</summary>
internal sealed record Grid(IReadOnlyList<GridColumn> Columns, IReadOnlyList<IReadOnlyList<string?>> Rows)
{
    /// <summary>Lines below the table.</summary>
    public IReadOnlyList<string> Footer { get; init; } = [];
}
