namespace Kataven.Grains.Connections;

/// <summary>
/// Ends the backend of a statement that goes on after its cancellation, while its connection still listens: what PostgreSQL says then is
/// what tells that the statement has not happened. A connection that is given up first tells nothing.
/// </summary>
internal sealed class LateEnding : IAsyncDisposable
{
    /// <summary>Half of what Npgsql waits for the answer to a cancellation: <see cref="LaneLogin"/>.</summary>
    public static readonly TimeSpan After = TimeSpan.FromMilliseconds(LaneLogin.CancellationTimeout / 2);

    /// <summary>A server that stands still is told when the lane is closed.</summary>
    private static readonly TimeSpan TellWithin = TimeSpan.FromSeconds(5);

    private readonly Lane _lane;
    private readonly Func<Lane, CancellationToken, Task> _tell;
    private readonly TimeProvider _time;
    private readonly CancellationTokenRegistration _cancelled;
    private ITimer? _timer;
    private int _state = State.Waiting;

    /// <param name="lane">On which it runs.</param>
    /// <param name="tell">Tells a lane's backend to end.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancelled">Cancels it.</param>
    public LateEnding(Lane lane, Func<Lane, CancellationToken, Task> tell, TimeProvider time, CancellationToken cancelled)
    {
        (_lane, _tell, _time) = (lane, tell, time);
        _cancelled = cancelled.UnsafeRegister(static ending => ((LateEnding)ending!).Wait(), this);
    }

    /// <summary>The statement is over. Where its backend was told to end, nobody may get the lane any more: it would die under them.</summary>
    public async ValueTask DisposeAsync()
    {
        await _cancelled.DisposeAsync().ConfigureAwait(false);
        _timer?.Dispose();
        if (Interlocked.Exchange(ref _state, State.Over) == State.Told)
        {
            await _lane.DropAsync().ConfigureAwait(false);
        }
    }

    private void Wait() => _timer = _time.CreateTimer(static ending => _ = ((LateEnding)ending!).TellAsync(), this, After, Timeout.InfiniteTimeSpan);

    private async Task TellAsync()
    {
        if (Interlocked.CompareExchange(ref _state, State.Told, State.Waiting) != State.Waiting)
        {
            return;
        }

        using var limit = new CancellationTokenSource(TellWithin, _time);
        await _tell(_lane, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static class State
    {
        public const int Waiting = 0;
        public const int Told = 1;
        public const int Over = 2;
    }
}
