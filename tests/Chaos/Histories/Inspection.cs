namespace Kataven.Chaos.Histories;

/// <summary>All that stands in a database, seen by a superuser in one snapshot.</summary>
internal sealed record Inspection
{
    public required InspectionKind Kind { get; init; }

    /// <summary>Whose data it is.</summary>
    public required string Life { get; init; }

    /// <summary>Where it stands.</summary>
    public required string Database { get; init; }

    public required TimeSpan At { get; init; }

    /// <summary>Of a backup or a copy: before it was begun.</summary>
    public TimeSpan CopyBegun { get; init; }

    /// <summary>Of a backup or a copy: after it was made.</summary>
    public TimeSpan CopyMade { get; init; }

    public required IReadOnlyList<InspectedRow> Rows { get; init; }

    public required long Tally { get; init; }

    /// <summary>The accounts that the stamps name, with their lives.</summary>
    public required IReadOnlyList<string> Stamps { get; init; }

    /// <summary>What migrations have noted by themselves, in their order.</summary>
    public IReadOnlyList<int> Notes { get; init; } = [];

    /// <summary>What the service says that was applied.</summary>
    public IReadOnlyList<int> Applied { get; init; } = [];
}
