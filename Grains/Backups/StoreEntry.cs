namespace Kataven.Grains.Backups;

/// <summary>One backup that lies in a store, whether anybody still knows of it or not.</summary>
internal sealed record StoreEntry(BackupName Name, long Bytes, DateTimeOffset WrittenAt);
