namespace Kataven.Api.Tests.Tenancy;

/// <summary>A clock on which each look is a tenth of a second after the last, and nobody waits.</summary>
internal sealed class ImpatientTime : TimeProvider
{
    private long _looks;

    public override long TimestampFrequency => 10;

    public override long GetTimestamp() => Interlocked.Increment(ref _looks);

    public void Pass(TimeSpan time) => Interlocked.Add(ref _looks, time.Ticks * TimestampFrequency / TimeSpan.TicksPerSecond);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
}
