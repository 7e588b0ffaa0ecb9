namespace Kataven.Cli.Isolation;

/// <summary>A setting of PostgreSQL that is not as recommended.</summary>
internal sealed record DifferingSetting(string Name, string Value, string Recommended, string Opens);
