using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kataven.Cli.Migrations;

/// <summary>One line of a plan for named accounts.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Action">One of the constants below; of an object of the schema, how it differs.</param>
/// <param name="Version">The migration's; of an account that is current, its own; null of an object.</param>
/// <param name="Description">The migration's.</param>
/// <param name="Kind">The object's; it and the next two are left out of a migration's line.</param>
/// <param name="Schema">The object's.</param>
/// <param name="Name">The object's.</param>
internal sealed record PlanRow(
    string AccountId,
    string Action,
    long? Version,
    string? Description,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Kind = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Schema = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Name = null)
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
            .. (now.Schema ?? []).Select(found => new PlanRow(account, found.Difference, null, null, found.Kind, found.Schema, found.Name)),
            .. dryRun.Applied.Select(script => new PlanRow(account, Apply, script.Version, script.Description)),
        ];
        return dryRun.Applied.Count > 0 ? rows : rows.Append(new PlanRow(account, Current, now.Version, null));
    }

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, MigrationJson.Default.PlanRow);
}
