using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Tenants;

/// <summary>
/// What a silo that is told to stop does before Orleans leaves the cluster: it lets streams come to their end, which Orleans
/// knows nothing of, and cancels what outlasts the drain while there is time left to close its connections and to answer.
/// </summary>
internal sealed partial class TenantDrain(TenantPools pools, IOptions<HostOptions> host, TimeProvider time, ILogger<TenantDrain> logger)
    : IHostedLifecycleService, IDisposable
{
    /// <summary>
    /// How long a silo stays after its last account has left. Requests that were on their way to it have been sent on to the
    /// accounts' new silos, and whoever sent them takes them for lost when this silo is gone, though they run there.
    /// </summary>
    public static readonly TimeSpan HandOver = TimeSpan.FromSeconds(3);

    /// <summary>What cancelling, closing, handing over and leaving the cluster take.</summary>
    private static readonly TimeSpan Margin = HandOver + TimeSpan.FromSeconds(4);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    private ITimer? _limit;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var limit = LimitOf(host.Value.ShutdownTimeout);
        // It stays set while Orleans waits for the calls that run.
        _limit = time.CreateTimer(_ => BreakOff(), null, limit, Timeout.InfiniteTimeSpan);
        var begun = time.GetTimestamp();
        while (pools.OpenStreams > 0 && time.GetElapsedTime(begun) < limit && !cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _limit?.Dispose();

    internal static TimeSpan LimitOf(TimeSpan shutdownTimeout) =>
        shutdownTimeout > 2 * Margin ? shutdownTimeout - Margin : shutdownTimeout / 2;

    private void BreakOff()
    {
        LogBrokenOff();
        pools.BreakOff();
    }
}
