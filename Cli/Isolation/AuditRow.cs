using System.Text.Json;

namespace Kataven.Cli.Isolation;

/// <summary>One line of an audit.</summary>
/// <param name="Severity">One of the constants below.</param>
/// <param name="AccountId">Whose; null for the server as a whole.</param>
/// <param name="Check">What was looked at.</param>
/// <param name="Detail">What was found.</param>
internal sealed record AuditRow(string Severity, string? AccountId, string Check, string Detail)
{
    public const string Wrong = "wrong";

    /// <summary>Left open by the server, in every account alike.</summary>
    public const string Warning = "warning";

    public const string Unchecked = "unchecked";

    public const string Ok = "ok";

    public static IEnumerable<AuditRow> Of(ServerReport server) =>
    [
        .. server.Findings.Select(static finding => new AuditRow(Wrong, null, "finding", finding)),
        .. server.Missing.Select(static missing => new AuditRow(Warning, null, missing.Name, missing.Detail)),
        .. server.Settings.Select(static setting =>
            new AuditRow(Warning, null, setting.Name, $"is '{setting.Value}', should be '{setting.Recommended}': {setting.Opens}")),
    ];

    public static IEnumerable<AuditRow> Of(string account, AccountReport report, ServerReport server) =>
        report.Findings.Select(check => new AuditRow(check.Ok ? Ok : server.Lacks(check) ? Warning : Wrong, account, check.Name, check.Detail));

    public JsonElement ToJson() => JsonSerializer.SerializeToElement(this, IsolationJson.Default.AuditRow);
}
