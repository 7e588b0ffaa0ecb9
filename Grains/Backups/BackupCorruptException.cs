namespace Kataven.Grains.Backups;

/// <summary>What lies in the store is not what was written there.</summary>
internal sealed class BackupCorruptException(BackupName name, string fault) : Exception($"The backup {name} is damaged: {fault}.");
