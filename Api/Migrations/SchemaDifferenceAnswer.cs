using Kataven.Migrations;

namespace Kataven.Api.Migrations;

/// <summary>An object in which the account differs: <c>missing</c>, <c>changed</c> or <c>added</c>.</summary>
internal sealed record SchemaDifferenceAnswer(string Kind, string Schema, string Name, string Difference)
{
    public static SchemaDifferenceAnswer Of(SchemaDifference difference) => new(difference.Kind, difference.Schema, difference.Name, difference.Difference switch
    {
        SchemaChange.Missing => "missing",
        SchemaChange.Changed => "changed",
        _ => "added",
    });
}
