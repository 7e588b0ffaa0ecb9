namespace Kataven.Grains.Migrations;

/// <summary>One object of a database's schema.</summary>
/// <param name="Kind">As <c>table</c>, <c>column</c>, <c>index</c>.</param>
/// <param name="Schema">The schema that it is in.</param>
/// <param name="Name">Its name, for what is on a table with the table's before it.</param>
/// <param name="Structure">SHA-256 of what it is without its expressions, in hexadecimal.</param>
/// <param name="Definition">SHA-256 of all that makes it what it is, in hexadecimal; empty where expressions were not read.</param>
internal readonly record struct SchemaObject(string Kind, string Schema, string Name, string Structure, string Definition);
