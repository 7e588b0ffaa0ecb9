using System.Text.Json;

namespace Kataven.Cli.Migrations;

/// <summary>How far one account is.</summary>
/// <param name="Version">The newest that was applied; 0 for none.</param>
/// <param name="Drift">Those that changed or vanished after they were applied.</param>
internal sealed record AccountMigrations(long Version, IReadOnlyList<Script> Drift)
{
    public static AccountMigrations Parse(string answer) =>
        JsonSerializer.Deserialize(answer, MigrationJson.Default.AccountMigrations) ?? throw new JsonException();
}
