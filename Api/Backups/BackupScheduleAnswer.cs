using System.Globalization;
using Kataven.Backups;

namespace Kataven.Api.Backups;

/// <summary>A schedule as the API tells it; all null where the account is not backed up by itself.</summary>
internal sealed record BackupScheduleAnswer(string? Every, int? Keep, string? VerifyEvery)
{
    public static BackupScheduleAnswer Of(BackupSchedule? schedule) =>
        new(TextOf(schedule?.Every), schedule?.Keep, TextOf(schedule?.VerifyEvery));

    private static string? TextOf(TimeSpan? time) => time?.ToString("c", CultureInfo.InvariantCulture);
}
