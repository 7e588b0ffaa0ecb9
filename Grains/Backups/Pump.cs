namespace Kataven.Grains.Backups;

/// <summary>Moves the bytes of backups, a buffer at a time.</summary>
internal static class Pump
{
    public static async Task CopyAsync(Stream source, Stream target, Pace pace, IProgress<long>? progress, CancellationToken cancellation)
    {
        var buffer = new byte[pace.Piece];
        for (long done = 0; await source.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var read;)
        {
            await target.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            progress?.Report(done += read);
            await pace.KeepAsync(read, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Reads the source to its end, which is where it proves to be what it should be, also where the program wants no more of it.
    /// The program's input is closed then.
    /// </summary>
    /// <param name="source">A backup.</param>
    /// <param name="process">Gets it.</param>
    /// <param name="copy">Gets what the program got, or null.</param>
    /// <param name="pace">How fast.</param>
    /// <param name="progress">Gets the bytes so far.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task FeedAsync(Stream source, PgProcess process, Stream? copy, Pace pace, IProgress<long>? progress, CancellationToken cancellation)
    {
        var buffer = new byte[pace.Piece];
        var wanted = true;
        for (long done = 0; await source.ReadAsync(buffer, cancellation).ConfigureAwait(false) is > 0 and var read;)
        {
            if (wanted && copy is not null)
            {
                // Also of the last that it takes a part of.
                await copy.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
            }

            wanted = wanted && await TryGiveAsync(process, buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);

            progress?.Report(done += read);
            await pace.KeepAsync(read, cancellation).ConfigureAwait(false);
        }

        process.CloseInput();
    }

    private static async Task<bool> TryGiveAsync(PgProcess process, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        try
        {
            await process.Input.WriteAsync(bytes, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (IOException)
        {
            // It has read what it needs, or has failed, and says so when it is asked.
            return false;
        }
    }
}
