namespace Kataven.Grains.Connections;

/// <summary>Whether a first read takes others along.</summary>
internal static class FastPause
{
    /// <summary>With no more reads than this under way in the process, a lone read goes out at once, on the thread that it came on.</summary>
    private const int FewReads = 8;

    private static int _reads;

    public static void Began() => Interlocked.Increment(ref _reads);

    public static void Ended() => Interlocked.Decrement(ref _reads);

    /// <summary>
    /// On a busy machine: goes behind what its thread does now, which is to take in the requests whose bytes came together. Reads of
    /// others that are among them are there then. Where a thread is free it costs no more than a hop.
    /// </summary>
    public static async ValueTask ForOthersAsync()
    {
        if (Volatile.Read(ref _reads) > FewReads)
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
    }
}
