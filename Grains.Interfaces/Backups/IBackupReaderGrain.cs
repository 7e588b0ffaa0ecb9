using Kataven.Errors;

namespace Kataven.Backups;

/// <summary>Reads one backup from its beginning to its end, by a key that its reader made up.</summary>
[Alias("kataven.IBackupReaderGrain")]
public interface IBackupReaderGrain : IGrainWithGuidKey
{
    /// <summary>Null where it can be read.</summary>
    [Alias("Open")]
    Task<Refusal?> OpenAsync(Backup backup);

    /// <summary>The next part, at most <see cref="PartSize"/> bytes; empty after the last one. It fails where the content is not what was written.</summary>
    [Alias("Next"), ResponseTimeout("00:05:00")]
    Task<byte[]> NextAsync();

    [Alias("Close")]
    Task CloseAsync();

    const int PartSize = 512 * 1024;
}
