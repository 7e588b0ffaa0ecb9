using System.Diagnostics;

namespace Kataven.Chaos.Histories;

/// <summary>The time since a run began, monotonic; and PostgreSQL's clock, which is this machine's, in the same time.</summary>
internal sealed class RunClock
{
    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly DateTimeOffset _wall = TimeProvider.System.GetUtcNow();

    public TimeSpan Now => Stopwatch.GetElapsedTime(_begun);

    public TimeSpan Of(DateTimeOffset wall) => wall - _wall;

    /// <summary>Waits until then, or until it is cancelled, which is no error.</summary>
    public async Task UntilAsync(TimeSpan moment, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested && moment - Now is { Ticks: > 0 } left)
        {
            await Task.Delay(left, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task PauseAsync(TimeSpan time, CancellationToken cancellation) => UntilAsync(Now + time, cancellation);
}
