using Kataven.Errors;

namespace Kataven.Migrations;

/// <summary>What a run, or the plan of one, came to.</summary>
[GenerateSerializer, Immutable, Alias("kataven.MigrationResult")]
public sealed record MigrationResult
{
    /// <summary>The newest version that is applied now; 0 for none.</summary>
    [Id(0)]
    public int Version { get; init; }

    /// <summary>What this run applied, or would apply, in this order.</summary>
    [Id(1)]
    public IReadOnlyList<MigrationEntry> Applied { get; init; } = [];

    /// <summary>The script that failed, where one did.</summary>
    [Id(2)]
    public MigrationFailure? Failure { get; init; }

    /// <summary>Why nothing was tried, where that is so.</summary>
    [Id(3)]
    public Refusal? Refusal { get; init; }

    public static MigrationResult Refused(Refusal refusal) => new() { Refusal = refusal };
}
