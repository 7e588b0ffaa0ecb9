namespace Kataven.Grains.Tenants;

/// <summary>How many requests of an account are let in, how large they are, and since when there is none. Whoever owns it locks it.</summary>
internal sealed class TenantTraffic(TimeProvider time)
{
    private long _idleSince = time.GetTimestamp();
    private TaskCompletionSource? _quiet;

    public int Requests { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Ever.</summary>
    public long Admitted { get; private set; }

    /// <summary>Zero while something runs.</summary>
    public TimeSpan IdleFor => Requests > 0 ? TimeSpan.Zero : time.GetElapsedTime(_idleSince);

    /// <summary>Ends when no request runs.</summary>
    public Task WhenQuiet => Requests == 0
        ? Task.CompletedTask
        : (_quiet ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Came(long bytes)
    {
        Requests++;
        Bytes += bytes;
        Admitted++;
    }

    public void Went(long bytes)
    {
        Bytes -= bytes;
        if (--Requests == 0)
        {
            _idleSince = time.GetTimestamp();
            _quiet?.TrySetResult();
            _quiet = null;
        }
    }
}
