namespace Kataven.Cli.Output;

/// <summary>A column; numbers stand to the right.</summary>
internal sealed record GridColumn(string Name, bool IsNumeric);
