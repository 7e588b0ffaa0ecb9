namespace Kataven.Migrations;

/// <summary>How an object differs from the one that should be there.</summary>
[GenerateSerializer, Alias("kataven.SchemaChange")]
public enum SchemaChange
{
    Missing,
    Changed,
    Added,
}
