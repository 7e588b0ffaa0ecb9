namespace Kataven.Cli.Backups;

/// <summary>
/// A file that is there when all of it is, and not before: it is written under another name beside it, which is gone
/// again whatever happens. What was there under the name before stays until then.
/// </summary>
internal sealed class WholeFile : IAsyncDisposable
{
    private readonly string _path;
    private readonly string _part;
    private readonly FileStream _stream;

    private WholeFile(string path, string part)
    {
        _path = path;
        _part = part;
        _stream = new FileStream(part, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
    }

    /// <summary>Before anything is asked of the server, so that a wrong path is told at once.</summary>
    public static WholeFile Begin(string path)
    {
        try
        {
            path = Path.GetFullPath(path);
            if (Directory.Exists(path))
                throw new CliFailure(ExitCode.Usage, $"--file: {path} is a directory.");
            // A device would be replaced by a file of its name. What lies in memory is no device.
            if (path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal))
                throw new CliFailure(ExitCode.Usage, $"--file: {path} is no file; without --file it goes to standard output.");

            return new WholeFile(path, Path.Combine(Path.GetDirectoryName(path) ?? "/", $".{Path.GetFileName(path)}.{Guid.NewGuid():N}"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new CliFailure(ExitCode.Usage, $"--file: {fault.Message}");
        }
    }

    public async Task FillAsync(Func<Stream, Task> write)
    {
        try
        {
            await write(_stream);
            _stream.Flush(flushToDisk: true);
            await _stream.DisposeAsync();
            File.Move(_part, _path, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CliFailure(ExitCode.OutputClosed, $"{_path}: {fault.Message}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _stream.DisposeAsync();
        }
        finally
        {
            File.Delete(_part);
        }
    }
}
