using System.Text.Json;

namespace Kataven.Cli.Migrations;

/// <summary>What was applied to one account, or would be.</summary>
internal sealed record AppliedMigrations(long Version, IReadOnlyList<Script> Applied)
{
    public static AppliedMigrations Parse(string answer) =>
        JsonSerializer.Deserialize(answer, MigrationJson.Default.AppliedMigrations) ?? throw new JsonException();
}
