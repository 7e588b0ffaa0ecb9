namespace Kataven.Migrations;

/// <summary>A script that changed or vanished after it was applied. It is told, and holds up nothing.</summary>
[GenerateSerializer, Immutable, Alias("kataven.MigrationDrift")]
public sealed record MigrationDrift([property: Id(0)] int Version, [property: Id(1)] string Description, [property: Id(2)] DriftReason Reason);
