namespace Kataven.Accounts;

/// <summary>Which accounts a list asks for.</summary>
/// <param name="Status">Only these, or all.</param>
/// <param name="Search">Part of a slug or a name, or null.</param>
/// <param name="After">The last slug of the page before, or null.</param>
/// <param name="Limit">1 to 500.</param>
[GenerateSerializer, Immutable, Alias("kataven.AccountFilter")]
public sealed record AccountFilter(
    [property: Id(0)] AccountStatus? Status,
    [property: Id(1)] string? Search,
    [property: Id(2)] string? After,
    [property: Id(3)] int Limit)
{
    /// <summary>Only those whose version is below that of the newest migration, or only those that have reached it; null for both.</summary>
    [Id(4)]
    public bool? IsBehind { get; init; }

    /// <summary>Only those whose newest backup is older than this, or that have none.</summary>
    [Id(5)]
    public TimeSpan? BackupOlderThan { get; init; }
}
