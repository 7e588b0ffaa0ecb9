using System.Collections.Concurrent;

namespace Kataven.Cli.Tests;

/// <summary>Every pause is over at once, and is remembered.</summary>
internal sealed class HurriedTime : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _pauses = new();

    public IEnumerable<double> PausesInMilliseconds => _pauses.Select(static pause => pause.TotalMilliseconds);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _pauses.Enqueue(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
