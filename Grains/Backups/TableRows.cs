namespace Kataven.Grains.Backups;

/// <summary>One table and how many rows it has of its own, without those of tables that inherit from it.</summary>
internal sealed record TableRows(string Schema, string Table, long Rows);
