using Kataven.Errors;

namespace Kataven.Backups;

/// <summary>A backup, or why there is none.</summary>
[GenerateSerializer, Immutable, Alias("kataven.BackupResult")]
public sealed record BackupResult([property: Id(0)] Backup? Backup, [property: Id(1)] Refusal? Refusal)
{
    public static BackupResult Of(Backup backup) => new(backup, null);

    public static BackupResult Refused(Refusal refusal) => new(null, refusal);

    public static BackupResult NotFound { get; } = Refused(Refusal.Of(Errors.ErrorCode.BackupNotFound, "The account has no such backup."));
}
