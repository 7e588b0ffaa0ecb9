namespace Kataven.Backups;

/// <summary>A backup of one account's database.</summary>
[GenerateSerializer, Immutable, Alias("kataven.Backup")]
public sealed record Backup
{
    [Id(0)]
    public required Guid Id { get; init; }

    [Id(1)]
    public required string AccountId { get; init; }

    /// <summary>A slug can be used again: this tells whose it was.</summary>
    [Id(2)]
    public required Guid AccountUid { get; init; }

    /// <summary>One of <see cref="BackupReason"/>.</summary>
    [Id(3)]
    public required string Reason { get; init; }

    /// <summary><c>running</c>, <c>complete</c> or <c>failed</c>.</summary>
    [Id(4)]
    public required string Status { get; init; }

    [Id(5)]
    public long? Bytes { get; init; }

    /// <summary>In hexadecimal.</summary>
    [Id(6)]
    public string? Sha256 { get; init; }

    /// <summary>The version that migrations had brought the database to; 0 for none.</summary>
    [Id(7)]
    public int? SchemaVersion { get; init; }

    [Id(8)]
    public string? ServerVersion { get; init; }

    /// <summary>What it has to hold, as a JSON object: <c>kataven.backup.manifest</c>.</summary>
    [Id(9)]
    public string? Manifest { get; init; }

    [Id(10)]
    public required DateTimeOffset StartedAt { get; init; }

    [Id(11)]
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When it was last proved to restore.</summary>
    [Id(12)]
    public DateTimeOffset? VerifiedAt { get; init; }

    /// <summary>It is removed then; null for never.</summary>
    [Id(13)]
    public DateTimeOffset? KeepUntil { get; init; }

    public bool IsComplete => Status == "complete";
}
