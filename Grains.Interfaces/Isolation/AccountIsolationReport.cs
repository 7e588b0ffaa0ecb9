using System.Collections.Immutable;
using Kataven.Accounts;

namespace Kataven.Isolation;

/// <summary>How well an account is closed off.</summary>
/// <param name="Account">The account.</param>
/// <param name="Role">Its login role, or null before it was given one.</param>
/// <param name="IsolationVersion">The version that closed its database, or null.</param>
/// <param name="Findings">What was checked.</param>
[GenerateSerializer, Immutable, Alias("kataven.AccountIsolationReport")]
public sealed record AccountIsolationReport(
    [property: Id(0)] AccountId Account,
    [property: Id(1)] string? Role,
    [property: Id(2)] int? IsolationVersion,
    [property: Id(3)] ImmutableArray<IsolationFinding> Findings)
{
    public bool IsSound => Findings.All(finding => finding.Ok);
}
