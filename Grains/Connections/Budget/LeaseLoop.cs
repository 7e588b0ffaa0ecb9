using Kataven.Grains.Observability;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Connections.Budget;

/// <summary>
/// Brings a silo the slots that it needs: it asks the budget's owner, and where the cluster has none left, or others wait for some,
/// it closes the lanes that have done nothing for longest.
/// </summary>
internal sealed partial class LeaseLoop(
    ConnectionSlots slots,
    ILeases leases,
    IOptions<ConnectionOptions> options,
    TimeProvider time,
    ILogger<LeaseLoop> logger) : IDisposable
{
    private static readonly TimeSpan AskFor = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan GoOnAfter = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private bool _fails;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await StepAsync(stop).ConfigureAwait(false);
                _fails = false;
                await slots.WhenNeededAsync(stop).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                if (!_fails && !stop.IsCancellationRequested)
                {
                    LogFailed(exception);
                }

                _fails = true;
                await Task.Delay(GoOnAfter, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Runs for as long as the process does: a silo that stops still gives back slots when its accounts have left.</summary>
    public void Start() => _ = Task.Run(() => RunAsync(_stop.Token));

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task StepAsync(CancellationToken stop)
    {
        if (slots.IsDue)
        {
            CloseUnused();
        }

        Evict();
        if (slots.Need() is { } need)
        {
            await AskAsync(need, stop).ConfigureAwait(false);
            Evict();
        }
    }

    private void CloseUnused()
    {
        foreach (var user in slots.Users)
        {
            user.CloseUnused(options.Value.CloseUnusedAfter);
        }
    }

    /// <summary>Closes what has done nothing for longest, as much of it as somebody waits for and nothing else will bring.</summary>
    private void Evict()
    {
        if (!slots.AnybodyWaits)
        {
            return;
        }

        foreach (var (user, _) in slots.Users.Select(user => (User: user, user.IdleSince)).Where(pair => pair.IdleSince is not null).OrderBy(pair => pair.IdleSince))
        {
            if (!slots.TryBeginEviction(user))
            {
                return;
            }

            if (user.TryEvict())
            {
                BudgetMetrics.Evicted();
            }
            else
            {
                slots.EvictionOver(user);
            }
        }
    }

    private async Task AskAsync(SlotNeed need, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var timer = time.CreateTimer(
            static limit => _ = ((CancellationTokenSource)limit!).CancelAsync(), limit, AskFor, Timeout.InfiniteTimeSpan);
        var askedAt = time.GetTimestamp();
        slots.Take(await leases.AskAsync(need, limit.Token).WaitAsync(limit.Token).ConfigureAwait(false), need, askedAt);
    }
}
