using System.Collections.Immutable;
using Kataven.Isolation;

namespace Kataven.Api.Isolation;

/// <summary>How well an account is closed off: what was checked, and found.</summary>
internal sealed record AccountIsolationAnswer(
    string AccountId, bool Sound, string? Role, int? IsolationVersion, ImmutableArray<IsolationFinding> Findings)
{
    public static AccountIsolationAnswer Of(AccountIsolationReport report) =>
        new(report.Account.Value, report.IsSound, report.Role, report.IsolationVersion, report.Findings);
}
