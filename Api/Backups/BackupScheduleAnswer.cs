using System.Globalization;
using Kataven.Backups;

namespace Kataven.Api.Backups;

/// <summary>A schedule as the API tells it; both null where the account is not backed up by itself.</summary>
internal sealed record BackupScheduleAnswer(string? Every, int? Keep)
{
    public static BackupScheduleAnswer Of(BackupSchedule? schedule) =>
        new(schedule?.Every.ToString("c", CultureInfo.InvariantCulture), schedule?.Keep);
}
