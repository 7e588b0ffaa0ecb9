using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Kataven.Grains.Tenants;

/// <summary>
/// What a silo that is told to stop does before Orleans ends it. As soon as no new account comes to it, its accounts go, some at a
/// time, those that nobody uses first; Orleans would have all go at once. What runs long is let end where it is, and is cancelled
/// when it outlasts the drain, while there is time left to close its connections and to answer.
/// </summary>
internal sealed partial class TenantDrain(
    TenantPools pools,
    ISiloStatusOracle status,
    IOptions<TenantDrainOptions> options,
    IOptions<HostOptions> host,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<TenantDrain> logger) : IHostedLifecycleService, ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    /// <summary>
    /// How long a silo stays after its last account has left. Requests that were on their way to it have been sent on to the
    /// accounts' new silos, and whoever sent them takes them for lost when this silo is gone, though they run there.
    /// </summary>
    public static readonly TimeSpan HandOver = TimeSpan.FromSeconds(3);

    /// <summary>What cancelling, closing, handing over and leaving the cluster take.</summary>
    private static readonly TimeSpan Margin = HandOver + TimeSpan.FromSeconds(5);

    /// <summary>How long before the end of the drain accounts with open streams and transactions go too.</summary>
    private static readonly TimeSpan LastCall = TimeSpan.FromSeconds(1);

    /// <summary>An account whose grain goes waits for what runs. Where that takes longer, it stays until it has ended.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    /// <summary>How long it may take to tell the others: where membership is away, nobody hears of it.</summary>
    private static readonly TimeSpan TellWithin = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private CancellationTokenRegistration _stopping;
    private ITimer? _limit;
    private long _begun;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // A signal comes before all else that stops: a front door in the same process takes some of the time.
        _stopping = lifetime.ApplicationStopping.UnsafeRegister(static drain => ((TenantDrain)drain!).Begin(), this);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        Begin();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>In the stage in which the silo tells that it shuts down, and before the one that ends all grains.</summary>
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(TenantDrain), ServiceLifecycleStage.BecomeActive, _ => Task.CompletedTask, MoveAsync);

    public void Dispose()
    {
        _stopping.Dispose();
        _limit?.Dispose();
    }

    internal static TimeSpan LimitOf(TimeSpan shutdownTimeout) =>
        shutdownTimeout > 2 * Margin ? shutdownTimeout - Margin : shutdownTimeout / 2;

    private TimeSpan Limit => LimitOf(host.Value.ShutdownTimeout);

    private void Begin()
    {
        lock (_lock)
        {
            if (_limit is null)
            {
                _begun = time.GetTimestamp();
                // It stays set while Orleans waits for the calls that run.
                _limit = time.CreateTimer(_ => BreakOff(), null, Limit, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private async Task MoveAsync(CancellationToken cancellation)
    {
        Begin();
        await UntilAsync(() => status.CurrentStatus.IsTerminating(), time.GetElapsedTime(_begun) + TellWithin, cancellation).ConfigureAwait(false);
        LogDrains(pools.All.Count, (Limit - time.GetElapsedTime(_begun)).TotalSeconds);
        await UntilAsync(MoveSome, Limit, cancellation).ConfigureAwait(false);
        LogMoved(time.GetElapsedTime(_begun).TotalSeconds);
    }

    /// <returns>Whether none is left.</returns>
    private bool MoveSome()
    {
        var left = pools.All;
        // A statement that has run since before the drain gets half of it beside the account's others. Those that come wait then: a
        // new one after the other could keep the account here for ever.
        var isLate = time.GetElapsedTime(_begun) >= Limit / 2;
        // What outlasts the drain breaks then, and nothing else with it: ordinary requests wait for the account's next silo.
        var isLast = time.GetElapsedTime(_begun) >= Limit - LastCall;
        var places = isLate ? left.Count : options.Value.MovesAtOnce - left.Count(pool => pool.IsDeparting);
        foreach (var pool in left.Where(pool => !pool.IsDeparting && (isLast || pool.OpenStreams == 0) && (isLate || pool.Lanes.BusyFor < Moment))
            .OrderByDescending(pool => pool.IdleFor).Take(Math.Max(0, places)))
        {
            pool.Depart();
        }

        return left.Count == 0;
    }

    private async Task UntilAsync(Func<bool> isDone, TimeSpan limit, CancellationToken cancellation)
    {
        while (!isDone() && time.GetElapsedTime(_begun) < limit && !cancellation.IsCancellationRequested)
        {
            await Task.Delay(LookEvery, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void BreakOff()
    {
        LogBrokenOff();
        pools.BreakOff();
    }
}
