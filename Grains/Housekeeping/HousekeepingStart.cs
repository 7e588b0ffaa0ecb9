using Kataven.Grains.Cluster;
using Kataven.Housekeeping;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Housekeeping;

/// <summary>Sees to it at each silo's start that housekeeping has its reminder.</summary>
internal sealed partial class HousekeepingStart(
    IGrainFactory grains, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<HousekeepingStart> logger) : BackgroundService
{
    private static readonly TimeSpan TryEvery = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await lifetime.WhenJoinedAsync(stoppingToken).ConfigureAwait(false);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await grains.GetGrain<IHousekeepingGrain>(0).BeginAsync().WaitAsync(stoppingToken).ConfigureAwait(false);
                return;
            }
            catch (Exception exception)
            {
                if (!stoppingToken.IsCancellationRequested)
                {
                    LogNotBegun(exception);
                }
            }

            await Task.Delay(TryEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
