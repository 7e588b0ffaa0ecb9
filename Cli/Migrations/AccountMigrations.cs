using System.Text.Json;

namespace Kataven.Cli.Migrations;

/// <summary>How far one account is.</summary>
/// <param name="Version">The newest that was applied; 0 for none.</param>
/// <param name="Drift">Those that changed or vanished after they were applied.</param>
/// <param name="Schema">Where it was asked for: in what its schema differs from that of a new account with the same migrations.</param>
internal sealed record AccountMigrations(long Version, IReadOnlyList<Script> Drift, IReadOnlyList<SchemaDifference>? Schema = null)
{
    public static AccountMigrations Parse(string answer) =>
        JsonSerializer.Deserialize(answer, MigrationJson.Default.AccountMigrations) ?? throw new JsonException();
}
