namespace Kataven.Cli.Migrations;

/// <summary>An object that is not as the migrations made it.</summary>
/// <param name="Kind">A table, an index, a function …</param>
/// <param name="Schema">Where it is.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Difference"><c>missing</c> or <c>changed</c>.</param>
internal sealed record SchemaDifference(string Kind, string Schema, string Name, string Difference);
