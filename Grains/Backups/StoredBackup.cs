namespace Kataven.Grains.Backups;

/// <summary>What was written, to know it again by.</summary>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of all of it, in lower-case hexadecimal digits.</param>
internal sealed record StoredBackup(long Bytes, string Sha256);
