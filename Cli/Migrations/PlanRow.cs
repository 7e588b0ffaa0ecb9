using System.Text.Json;

namespace Kataven.Cli.Migrations;

/// <summary>One line of a plan for named accounts.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Action">One of the constants below.</param>
/// <param name="Version">The migration's; of an account that is current, its own.</param>
/// <param name="Description">The migration's.</param>
internal sealed record PlanRow(string AccountId, string Action, long Version, string? Description)
{
    public const string Apply = "apply";

    /// <summary>Applied once, and changed or gone since.</summary>
    public const string Drift = "drift";

    public const string Current = "current";

    public static IEnumerable<PlanRow> Of(string account, AccountMigrations now, AppliedMigrations dryRun)
    {
        List<PlanRow> rows =
        [
            .. now.Drift.Select(script => new PlanRow(account, Drift, script.Version, script.Description)),
            .. dryRun.Applied.Select(script => new PlanRow(account, Apply, script.Version, script.Description)),
        ];
        return dryRun.Applied.Count > 0 ? rows : rows.Append(new PlanRow(account, Current, now.Version, null));
    }

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, MigrationJson.Default.PlanRow);
}
