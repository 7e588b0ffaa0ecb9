namespace Kataven.Grains.Backups;

/// <summary>A store that cannot keep or give what it was asked for; the message names the setting to look at.</summary>
internal sealed class BackupStoreException(string message, Exception? inner = null) : Exception(message, inner);
