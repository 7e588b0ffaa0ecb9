using Kataven.Backups;

namespace Kataven.Api.Backups;

/// <summary>A backup as the API tells it.</summary>
internal sealed record BackupAnswer(
    Guid BackupId,
    string AccountId,
    string Status,
    string Reason,
    long? Bytes,
    string? Sha256,
    int? SchemaVersion,
    string? ServerVersion,
    DateTimeOffset StartedAt,
    DateTimeOffset? FinishedAt,
    DateTimeOffset? VerifiedAt,
    DateTimeOffset? KeepUntil)
{
    public static BackupAnswer Of(Backup backup) => new(
        backup.Id,
        backup.AccountId,
        backup.Status,
        backup.Reason,
        backup.Bytes,
        backup.Sha256,
        backup.SchemaVersion,
        backup.ServerVersion,
        backup.StartedAt,
        backup.FinishedAt,
        backup.VerifiedAt,
        backup.KeepUntil);
}
