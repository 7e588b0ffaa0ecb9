namespace Kataven.Grains.Connections;

/// <summary>Whether a first read takes others along.</summary>
internal static class FastPause
{
    /// <summary>With no more work than this in the thread pool's queues, a lone read goes out at once, on the thread that it came on.</summary>
    private const int FewItems = 2;

    /// <summary>
    /// On a busy machine: goes behind the work that waits for a thread. Reads of others that have arrived are among it, and are there
    /// then.
    /// </summary>
    public static async ValueTask ForOthersAsync()
    {
        if (ThreadPool.PendingWorkItemCount > FewItems)
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
    }
}
