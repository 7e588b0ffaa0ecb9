namespace Kataven.Api.Migrations;

/// <summary>The scripts that were read at start.</summary>
internal sealed record MigrationsAnswer(IReadOnlyList<MigrationAnswer> Migrations);
