using Kataven.Migrations;

namespace Kataven.Grains.Migrations;

/// <summary>A row of an account's own table of migrations.</summary>
internal sealed record AppliedMigration
{
    public required int Version { get; init; }

    public required string Description { get; init; }

    public required string Checksum { get; init; }

    /// <summary>False: it was begun, and nobody has written down how it ended.</summary>
    public required bool IsApplied { get; init; }

    /// <summary>The transaction that it ran in; null for one without.</summary>
    public ulong? Xid { get; init; }

    /// <summary>What PostgreSQL says about <see cref="Xid"/> where nobody wrote the outcome down: <c>committed</c>, <c>aborted</c>, <c>in progress</c>.</summary>
    public string? Outcome { get; init; }

    /// <summary>Of one without a transaction.</summary>
    public int StatementsDone { get; init; }

    /// <summary>Invalid indexes that were there before it began, of one without a transaction.</summary>
    public uint[] InvalidBefore { get; init; } = [];

    public DateTimeOffset? AppliedAt { get; init; }

    public long? DurationMs { get; init; }

    /// <summary>The attempt that runs or ran it; null where that ended in an orderly way.</summary>
    public Guid? Attempt { get; init; }

    /// <summary>Whether it is in force, whether or not that was written down.</summary>
    public bool IsInForce => IsApplied || Outcome == "committed";

    public MigrationEntry Entry => new()
    {
        Version = Version,
        Description = Description,
        Checksum = Checksum,
        AppliedAt = AppliedAt,
        DurationMs = DurationMs,
    };
}
