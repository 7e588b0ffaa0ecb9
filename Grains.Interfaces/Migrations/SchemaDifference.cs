namespace Kataven.Migrations;

/// <summary>One object in which a database is not as it should be.</summary>
/// <param name="Kind">As <c>table</c>, <c>column</c>, <c>index</c>.</param>
/// <param name="Schema">The schema that it is in.</param>
/// <param name="Name">Its name, for what is on a table with the table's before it.</param>
/// <param name="Difference">What is different.</param>
[GenerateSerializer, Immutable, Alias("kataven.SchemaDifference")]
public sealed record SchemaDifference(
    [property: Id(0)] string Kind, [property: Id(1)] string Schema, [property: Id(2)] string Name, [property: Id(3)] SchemaChange Difference);
