using Kataven.Grains.Cluster;
using Kataven.Operations;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Operations;

/// <summary>Has the one that watches over operations look, from every silo: so it looks wherever it is, whichever silo dies.</summary>
internal sealed partial class OperationWatch(IGrainFactory grains, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<OperationWatch> logger)
    : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await lifetime.WhenJoinedAsync(stoppingToken).ConfigureAwait(false);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await grains.GetGrain<IOperationWatchGrain>(0).LookAsync().WaitAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogLookFailed(exception);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(LookEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
