namespace Kataven.Grains.Backups;

/// <summary>A backup that is complete.</summary>
/// <param name="Stored">What lies in the store.</param>
/// <param name="ServerVersion">PostgreSQL's, of the server that it was made on.</param>
/// <param name="Manifest">What is in it.</param>
internal sealed record DumpedBackup(StoredBackup Stored, string ServerVersion, BackupManifest Manifest);
