namespace Kataven.Bench.Measuring;

/// <summary>Looks again and again how much memory processes have.</summary>
internal sealed class MemorySampler : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sampling;
    private long _most;

    public MemorySampler(IReadOnlyList<int> processes)
    {
        Before = _most = ProcessTree.ResidentBytes(processes);
        _sampling = SampleAsync(processes);
    }

    public long Before { get; }

    /// <summary>The most that was seen, less what there was at first.</summary>
    public async Task<long> EndAsync()
    {
        await _stop.CancelAsync();
        await _sampling;
        return _most - Before;
    }

    public async ValueTask DisposeAsync() => await EndAsync();

    private async Task SampleAsync(IReadOnlyList<int> processes)
    {
        using var timer = new PeriodicTimer(Interval);
        try
        {
            do
            {
                _most = Math.Max(_most, ProcessTree.ResidentBytes(processes));
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
        catch (IOException)
        {
            // The process has ended.
        }
    }
}
