using Kataven.Grains.Observability;

namespace Kataven.Grains.Tenants;

// What it costs the silo, and whether it may go to another.
internal sealed partial class TenantPool
{
    /// <summary>While anything has run for longer the account stays: whoever comes next would wait for it, here and for the other silo.</summary>
    private static readonly TimeSpan LongestWaited = TimeSpan.FromSeconds(1);

    private long _answerBytes;

    /// <summary>Requests that were let in, ever.</summary>
    public long Requests
    {
        get
        {
            lock (_lock)
            {
                return _traffic.Admitted;
            }
        }
    }

    /// <summary>Bytes of answers and of parts of streams, ever.</summary>
    public long AnswerBytes => Interlocked.Read(ref _answerBytes);

    public void Wrote(int bytes)
    {
        Interlocked.Add(ref _answerBytes, bytes);
        TenantMetrics.Wrote(bytes);
    }

    /// <param name="restFor">How long it has to have been here.</param>
    public bool MayMove(TimeSpan restFor)
    {
        var longest = Lanes.BusyFor;
        lock (_lock)
        {
            return !_retired && !_closing && _refusal is null && _hold is null
                && OpenStreams == 0 && longest < LongestWaited && _time.GetElapsedTime(_bornAt) >= restFor;
        }
    }
}
