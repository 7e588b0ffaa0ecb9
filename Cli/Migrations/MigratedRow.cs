using System.Text.Json;

namespace Kataven.Cli.Migrations;

/// <summary>What a run did to one account.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Outcome"><c>migrated</c>, <c>current</c> (nothing was to do) or <c>failed</c>.</param>
/// <param name="Version">Where it stands now; not known of one that failed.</param>
/// <param name="Applied">How many were applied.</param>
/// <param name="Detail">Why it failed.</param>
internal sealed record MigratedRow(string AccountId, string Outcome, long? Version, int Applied, string? Detail)
{
    public static MigratedRow Of(string account, AppliedMigrations done) =>
        new(account, done.Applied.Count > 0 ? "migrated" : "current", done.Version, done.Applied.Count, null);

    public static MigratedRow Failed(string account, string detail) => new(account, "failed", null, 0, detail);

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, MigrationJson.Default.MigratedRow);
}
