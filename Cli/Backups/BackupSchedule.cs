using System.Text.Json;

namespace Kataven.Cli.Backups;

/// <summary>An account's schedule, its own or the service's default, with durations as the server writes them; all null where there is none.</summary>
internal sealed record BackupSchedule(string? Every, int? Keep, string? VerifyEvery)
{
    public static BackupSchedule Parse(string answer) =>
        JsonSerializer.Deserialize(answer, BackupJson.Default.BackupSchedule) ?? throw new JsonException();
}
