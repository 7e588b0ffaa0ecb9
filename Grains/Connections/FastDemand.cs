namespace Kataven.Grains.Connections;

/// <summary>Whether an account reads so much that a connection for it pays. Not thread-safe: the fast lane's lock guards it.</summary>
internal sealed class FastDemand(TimeProvider time)
{
    /// <summary>Reads within <see cref="Window"/> that go elsewhere before a connection is opened for them.</summary>
    public const int OpensAfter = 16;

    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private long _since;
    private int _reads;

    /// <summary>Counts one that could have used the connection.</summary>
    public bool IsEnough()
    {
        if (time.GetElapsedTime(_since) > Window)
        {
            (_since, _reads) = (time.GetTimestamp(), 0);
        }

        return ++_reads > OpensAfter;
    }
}
