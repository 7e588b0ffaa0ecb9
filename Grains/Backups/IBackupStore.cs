namespace Kataven.Grains.Backups;

/// <summary>Where the bytes of backups lie. What is there under a name is whole: an unfinished one has none.</summary>
internal interface IBackupStore
{
    /// <summary>Keeps what <paramref name="write"/> writes, and nothing where it fails.</summary>
    /// <exception cref="BackupStoreException">It cannot be kept.</exception>
    Task<StoredBackup> WriteAsync(BackupName name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellation);

    /// <summary>The bytes as they lie there.</summary>
    /// <exception cref="BackupStoreException">There is none of that name, or it cannot be read. Each read may throw it too.</exception>
    Task<Stream> OpenUncheckedAsync(BackupName name, CancellationToken cancellation);

    /// <summary>Also where there is none.</summary>
    Task DeleteAsync(BackupName name, CancellationToken cancellation);

    IAsyncEnumerable<StoreEntry> ListAsync(CancellationToken cancellation);

    /// <summary>Removes what writers left that never came to their end; how many there were.</summary>
    Task<int> RemoveUnfinishedAsync(TimeSpan olderThan, CancellationToken cancellation);

    /// <summary>The bytes, and at their end the certainty that they are those that were written.</summary>
    /// <exception cref="BackupCorruptException">From a read that comes to an end too early, too late, or with other bytes.</exception>
    async Task<Stream> OpenReadAsync(BackupName name, StoredBackup expected, CancellationToken cancellation) =>
        new VerifiedStream(await OpenUncheckedAsync(name, cancellation).ConfigureAwait(false), name, expected);

    /// <summary>Reads all of it and uses nothing.</summary>
    /// <exception cref="BackupCorruptException">It is not what was written.</exception>
    async Task VerifyAsync(BackupName name, StoredBackup expected, CancellationToken cancellation)
    {
        await using var stream = await OpenReadAsync(name, expected, cancellation).ConfigureAwait(false);
        await stream.CopyToAsync(Stream.Null, cancellation).ConfigureAwait(false);
    }
}
