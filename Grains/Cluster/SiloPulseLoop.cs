using Microsoft.Extensions.Hosting;

namespace Kataven.Grains.Cluster;

/// <summary>
/// Notices when the process stood still, and looks at the silo's row often enough that what is known of it when the table goes away is of the
/// moment before. On a thread of its own: one that waits for the pool, while a busy machine starts something, has not stood still.
/// </summary>
internal sealed class SiloPulseLoop(SiloPulse pulse) : IHostedService, IDisposable
{
    private const int BeatsToALook = 4;

    private static readonly TimeSpan BeatEvery = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var (ended, stop) = (_stop.Token.WaitHandle, _stop.Token);
        new Thread(() => Run(ended, stop)) { IsBackground = true, Name = "kataven-pulse" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _stop.CancelAsync();

    public void Dispose() => _stop.Cancel();

    private void Run(WaitHandle ended, CancellationToken stop)
    {
        var beats = 0;
        do
        {
            pulse.Beat();
            if (beats++ % BeatsToALook == 0)
            {
                // Not waited for: it may take longer than until the next beat.
                _ = Task.Run(() => LookAsync(stop), stop);
            }
        }
        while (!ended.WaitOne(BeatEvery));
    }

    private async Task LookAsync(CancellationToken stop)
    {
        try
        {
            await pulse.WhenJustFeltAsync(stop).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // Whoever needs to know asks, and is told.
        }
    }
}
