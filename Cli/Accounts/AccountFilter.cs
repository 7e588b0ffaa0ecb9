using Kataven.Cli.Arguments;
using Kataven.Cli.Http;

namespace Kataven.Cli.Accounts;

/// <summary>Which accounts are listed; what is not set leaves none out.</summary>
/// <param name="Status">Those with this status.</param>
/// <param name="Query">Those with this in slug or name.</param>
/// <param name="Behind">Those whose version is below that of the newest migration.</param>
/// <param name="BackupOlderThan">Those whose last backup is older, or that have none.</param>
internal sealed record AccountFilter(string? Status = null, string? Query = null, bool Behind = false, TimeSpan? BackupOlderThan = null)
{
    public string Page(string? after, string? limit) => QueryString.Of(
        ("status", Status),
        ("q", Query),
        ("behind", Behind ? "true" : null),
        ("backup_older_than", BackupOlderThan is { } age ? SpanOption.Text(age) : null),
        ("after", after),
        ("limit", limit));
}
