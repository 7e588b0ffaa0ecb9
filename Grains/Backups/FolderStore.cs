using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Backups;

/// <summary>Backups as files that only the service's own user may read: a folder for each account, below one root.</summary>
internal sealed class FolderStore(IOptions<BackupOptions> options, TimeProvider time) : IBackupStore
{
    private const string Unfinished = ".unfinished";

    private const UnixFileMode OwnFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Linux's numbers, which .NET passes on: no space left, a file too large for its limit, a quota used up.</summary>
    private static readonly int[] Full = [28, 27, 122];

    private readonly string _root = Path.GetFullPath(options.Value.Directory);

    public async Task<StoredBackup> WriteAsync(BackupName name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellation)
    {
        var final = PathOf(name);
        var temporary = $"{final}.{Guid.NewGuid():N}{Unfinished}";
        try
        {
            MakeFolder(name);
            RemoveUnfinished(name);
            var written = await WriteFileAsync(temporary, write, cancellation).ConfigureAwait(false);
            File.Move(temporary, final, overwrite: true);
            FolderSync.Flush(Path.GetDirectoryName(final)!);
            return written;
        }
        catch (Exception exception)
        {
            Remove(temporary);
            throw exception is IOException or UnauthorizedAccessException ? Told(exception) : exception;
        }
    }

    public Task<Stream> OpenUncheckedAsync(BackupName name, CancellationToken cancellation)
    {
        var path = PathOf(name);
        try
        {
            RequireNoLink(name);
            var file = new FileStream(path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 0 });
            return Task.FromResult<Stream>(new StoreStream(file, exception => exception is IOException ? Told(exception) : exception));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BackupStoreException($"The backup {name} is not in {_root} (Kataven:Backups:Directory).", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Told(exception);
        }
    }

    public Task DeleteAsync(BackupName name, CancellationToken cancellation)
    {
        var path = PathOf(name);
        try
        {
            RequireNoLink(name);
            Remove(path);
            RemoveUnfinished(name);
            if (Directory.Exists(Path.GetDirectoryName(path)) && !Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(path)!).Any())
            {
                Directory.Delete(Path.GetDirectoryName(path)!);
            }
        }
        catch (IOException)
        {
            // A backup of the account was begun meanwhile: its folder stays.
        }

        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<StoreEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var file in Files())
        {
            cancellation.ThrowIfCancellationRequested();
            if (BackupName.TryParse($"{file.Directory!.Name}/{file.Name}", out var name))
            {
                yield return new StoreEntry(name, file.Length, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero));
            }
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    public Task<int> RemoveUnfinishedAsync(TimeSpan olderThan, CancellationToken cancellation)
    {
        var before = time.GetUtcNow() - olderThan;
        var left = Files().Where(file => file.Name.EndsWith(Unfinished, StringComparison.Ordinal) && file.LastWriteTimeUtc < before.UtcDateTime).ToList();
        foreach (var file in left)
        {
            cancellation.ThrowIfCancellationRequested();
            Remove(file.FullName);
        }

        return Task.FromResult(left.Count);
    }

    private static async Task<StoredBackup> WriteFileAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellation)
    {
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous,
            BufferSize = 0,
            UnixCreateMode = OwnFile,
        });
        await using (file.ConfigureAwait(false))
        {
            await using var hashing = new HashingStream(file);
            await write(hashing, cancellation).ConfigureAwait(false);
            file.Flush(flushToDisk: true);
            return hashing.Written();
        }
    }

    /// <summary>What an attempt left that died. One that froze, and wakes, finds its file gone, and puts nothing in the place of this one's.</summary>
    private void RemoveUnfinished(BackupName name)
    {
        var folder = new DirectoryInfo(Path.Combine(_root, name.Folder));
        foreach (var left in folder.Exists ? folder.GetFiles($"{name.File}.*{Unfinished}") : [])
        {
            Remove(left.FullName);
        }
    }

    private string PathOf(BackupName name) => Path.Combine(_root, name.Folder, name.File);

    private void MakeFolder(BackupName name)
    {
        // Also the parents are the service's own alone.
        Directory.CreateDirectory(_root, OwnFolder);
        RequireNoLink(name);
        Directory.CreateDirectory(Path.Combine(_root, name.Folder), OwnFolder);
    }

    /// <summary>A link that somebody put there would lead out of the store. The root itself may be one: the operator named it.</summary>
    private void RequireNoLink(BackupName name)
    {
        foreach (var path in (string[])[Path.Combine(_root, name.Folder), PathOf(name)])
        {
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw new BackupStoreException($"{path} is a link: the service makes none below Kataven:Backups:Directory, and follows none.");
            }
        }
    }

    private IEnumerable<FileInfo> Files() => Directory.Exists(_root)
        ? new DirectoryInfo(_root).EnumerateDirectories()
            .Where(folder => folder.LinkTarget is null && Guid.TryParseExact(folder.Name, "N", out _))
            .SelectMany(folder => folder.EnumerateFiles())
            .Where(file => file.LinkTarget is null)
        : [];

    private BackupStoreException Told(Exception exception) => Full.Contains(exception.HResult)
        ? new BackupStoreException($"There is no space left for a backup in {_root}: make some, or name another folder in Kataven:Backups:Directory.", exception)
        : new BackupStoreException($"{_root} (Kataven:Backups:Directory) cannot be used: {exception.Message}", exception);

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Then there is nothing of it.
        }
    }
}
