namespace Kataven.Grains.Queries;

/// <summary>A column as PostgreSQL describes it, before its type is looked up.</summary>
internal readonly record struct ColumnHeader(string Name, uint TypeOid, int TypeModifier);
