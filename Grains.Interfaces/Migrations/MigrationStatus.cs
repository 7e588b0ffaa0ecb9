using Kataven.Errors;

namespace Kataven.Migrations;

/// <summary>Where an account stands, or why that cannot be told.</summary>
[GenerateSerializer, Immutable, Alias("kataven.MigrationStatus")]
public sealed record MigrationStatus
{
    /// <summary>The newest version that is applied; 0 for none.</summary>
    [Id(0)]
    public int Version { get; init; }

    [Id(1)]
    public IReadOnlyList<MigrationEntry> Applied { get; init; } = [];

    /// <summary>Scripts that were not applied, in the order in which they would be.</summary>
    [Id(2)]
    public IReadOnlyList<MigrationEntry> Pending { get; init; } = [];

    [Id(3)]
    public IReadOnlyList<MigrationDrift> Drift { get; init; } = [];

    [Id(4)]
    public Refusal? Refusal { get; init; }

    public static MigrationStatus Refused(Refusal refusal) => new() { Refusal = refusal };
}
