using System.Globalization;

namespace Kataven.Grains.Backups;

/// <summary>
/// What is in a backup, of which every byte was compared before this is there; and its beginning, as the table of contents has it, in a
/// folder that goes with this.
/// </summary>
internal sealed class ArchiveContent : IDisposable
{
    private const string Prefix = "kataven-restore-";

    private readonly DirectoryInfo _folder;

    private ArchiveContent(DirectoryInfo folder) => _folder = folder;

    /// <summary>The first bytes of the archive, all that the program read to know its entries.</summary>
    public string Head => Path.Combine(_folder.FullName, "head");

    public IReadOnlyList<ArchiveEntry> Entries { get; private set; } = [];

    /// <exception cref="BackupCorruptException">It is not what was written.</exception>
    /// <exception cref="PgToolException">It is no archive of the custom format.</exception>
    public static async Task<ArchiveContent> ReadAsync(PgToolset tools, Stream backup, Pace pace, CancellationToken cancellation)
    {
        // Root's and the service's own alone, as .NET makes it.
        RemoveLeft();
        var content = new ArchiveContent(Directory.CreateTempSubdirectory($"{Prefix}{Environment.ProcessId}-"));
        try
        {
            await content.FillAsync(tools, backup, pace, cancellation).ConfigureAwait(false);
            return content;
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    /// <summary>A file that tells the program what to restore: numbers alone, since a name may have anything in it.</summary>
    public (string Path, int Count) List(ArchivePart part, bool sameRole)
    {
        var path = Path.Combine(_folder.FullName, part.ToString());
        var lines = Entries.Where(entry => entry.PartFor(sameRole) == part).Select(entry => $"{entry.Number};").ToList();
        File.WriteAllLines(path, lines);
        return (path, lines.Count);
    }

    public void Dispose()
    {
        if (_folder.Exists)
        {
            _folder.Delete(recursive: true);
        }
    }

    /// <summary>Of processes that were killed: their number is in the name.</summary>
    private static void RemoveLeft()
    {
        foreach (var folder in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            var process = Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
            if (int.TryParse(process, CultureInfo.InvariantCulture, out var id) && !Directory.Exists($"/proc/{id}"))
            {
                try
                {
                    Directory.Delete(folder, recursive: true);
                }
                catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
                {
                    // Another user's, or another process has just done it.
                }
            }
        }
    }

    private async Task FillAsync(PgToolset tools, Stream backup, Pace pace, CancellationToken cancellation)
    {
        await using var process = PgProcess.Start(tools.Restore, ["--list", "--format=custom"]);
        var entries = EntriesAsync(process.Output, cancellation);
        await using (var head = new FileStream(Head, FileMode.CreateNew))
        {
            await Pump.FeedAsync(backup, process, head, pace, null, cancellation).ConfigureAwait(false);
        }

        Entries = await entries.ConfigureAwait(false);
        await process.SucceedAsync(cancellation).ConfigureAwait(false);
    }

    private static async Task<List<ArchiveEntry>> EntriesAsync(Stream output, CancellationToken cancellation)
    {
        var entries = new List<ArchiveEntry>();
        using var reader = new StreamReader(output, leaveOpen: true);
        while (await reader.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            if (ArchiveEntry.Parse(line) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }
}
