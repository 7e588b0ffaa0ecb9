using System.Text.Json;

namespace Kataven.Cli.Backups;

/// <summary>What is needed of a backup to know its content when it has come.</summary>
internal sealed record Backup(string BackupId, string Status, string? Sha256 = null)
{
    public static Backup Parse(string answer) =>
        JsonSerializer.Deserialize(answer, BackupJson.Default.Backup) ?? throw new JsonException();
}
