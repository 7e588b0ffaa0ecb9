namespace Kataven.Cli.Migrations;

/// <summary>A migration, as it is told everywhere.</summary>
internal sealed record Script(long Version, string Description);
