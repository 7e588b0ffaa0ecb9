namespace Kataven.Grains.Connections;

/// <summary>Whether an account reads so much that something for it pays. Not thread-safe: its owner's lock guards it.</summary>
/// <param name="after">How many reads within <see cref="Window"/> are not enough yet.</param>
/// <param name="time">The clock.</param>
internal sealed class FastDemand(int after, TimeProvider time)
{
    /// <summary>For a connection.</summary>
    public const int OpensAfter = 16;

    /// <summary>For a look at the account's code: it takes some milliseconds of a lane, and an account that is asked now and then would open another one beside it.</summary>
    public const int LooksAfter = 4;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private long _since;
    private int _reads;

    /// <summary>Counts one that could have used it.</summary>
    public bool IsEnough()
    {
        if (time.GetElapsedTime(_since) > Window)
        {
            (_since, _reads) = (time.GetTimestamp(), 0);
        }

        return ++_reads > after;
    }
}
