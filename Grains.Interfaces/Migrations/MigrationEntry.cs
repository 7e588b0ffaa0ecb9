namespace Kataven.Migrations;

/// <summary>One migration: a script, or what an account's database says of one that was applied.</summary>
[GenerateSerializer, Immutable, Alias("kataven.MigrationEntry")]
public sealed record MigrationEntry
{
    [Id(0)]
    public required int Version { get; init; }

    [Id(1)]
    public required string Description { get; init; }

    /// <summary>SHA-256 of the script, in hexadecimal: of an applied one as it was then.</summary>
    [Id(2)]
    public required string Checksum { get; init; }

    /// <summary>When it was applied, by the database's clock; null where it was not.</summary>
    [Id(3)]
    public DateTimeOffset? AppliedAt { get; init; }

    [Id(4)]
    public long? DurationMs { get; init; }
}
