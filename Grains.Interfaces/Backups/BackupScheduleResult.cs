using Kataven.Errors;

namespace Kataven.Backups;

/// <summary>A schedule (null: the account has none, nor has the service a default), or why it cannot be told.</summary>
[GenerateSerializer, Immutable, Alias("kataven.BackupScheduleResult")]
public sealed record BackupScheduleResult([property: Id(0)] BackupSchedule? Schedule, [property: Id(1)] Refusal? Refusal);
