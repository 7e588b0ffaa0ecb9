namespace Kataven.Api.Backups;

/// <summary>The newest backups first.</summary>
internal sealed record BackupsAnswer(IReadOnlyList<BackupAnswer> Backups);
