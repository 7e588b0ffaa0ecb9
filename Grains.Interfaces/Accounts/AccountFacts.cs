namespace Kataven.Accounts;

/// <summary>What is known of an account's database, without asking it.</summary>
/// <param name="SchemaVersion">The newest migration that it has: 0 for none, null where that was never noted.</param>
/// <param name="SizeBytes">What it takes on the server; null where there is none.</param>
/// <param name="LastBackupAt">When its newest complete backup was begun.</param>
/// <param name="LastVerifiedAt">When one of its backups was last proved to restore.</param>
[GenerateSerializer, Immutable, Alias("kataven.AccountFacts")]
public sealed record AccountFacts(
    [property: Id(0)] int? SchemaVersion,
    [property: Id(1)] long? SizeBytes,
    [property: Id(2)] DateTimeOffset? LastBackupAt,
    [property: Id(3)] DateTimeOffset? LastVerifiedAt);
