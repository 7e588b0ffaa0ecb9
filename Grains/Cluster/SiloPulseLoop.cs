using Microsoft.Extensions.Hosting;

namespace Kataven.Grains.Cluster;

/// <summary>
/// Notices when the process stood still, and looks at the silo's row often enough that what is known of it when the table goes away is of the
/// moment before.
/// </summary>
internal sealed class SiloPulseLoop(SiloPulse pulse, TimeProvider time) : BackgroundService
{
    private const int BeatsToALook = 4;

    private static readonly TimeSpan BeatEvery = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(BeatEvery, time);
        for (var beats = 0; await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false); beats++)
        {
            pulse.Beat();
            if (beats % BeatsToALook == 0)
            {
                // Not waited for: it may take longer than until the next beat.
                _ = LookAsync(stoppingToken);
            }
        }
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
