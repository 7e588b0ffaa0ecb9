using Kataven.Grains.Connections.Budget;

namespace Kataven.Grains.Connections;

/// <summary>
/// Opens lanes for the requests of one account that wait, one after the other: a burst of a thousand first requests opens one
/// connection, and the next only where the first did not do.
/// </summary>
internal sealed class LaneOpener(LanePool pool, Lock gate, LaneBook book, ILaneSource source, IConnectionSlots slots, TimeProvider time)
{
    /// <summary>After a lane could not be opened while others are at work, the next attempt waits for as long.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private CancellationTokenSource _stop = new();
    private CancellationTokenSource _wanted = new();

    /// <summary>Goes on in the place that was taken, on this thread up to where it waits.</summary>
    public void Run(bool opens) => _ = opens ? RunAsync() : Task.CompletedTask;

    public void Stop_NeedsLock() => _ = _stop.CancelAsync();

    public void Start_NeedsLock() => _stop = new();

    /// <summary>Somebody was taken off the queue: where nobody is left, a slot is not waited for any more.</summary>
    public void CheckWanted_NeedsLock()
    {
        if (book is { WaitsForSlot: true, AnybodyWaits: false })
        {
            _ = _wanted.CancelAsync();
        }
    }

    private async Task RunAsync()
    {
        do
        {
            var (stop, hasSlot) = await TakeSlotAsync().ConfigureAwait(false);
            var grant = hasSlot ? await OpenAsync(stop).ConfigureAwait(false) : default;
            if (grant.Lane is { } lane)
            {
                pool.Deliver(lane, mustYield: false, isNew: true);
                continue;
            }

            if (pool.NotOpened(grant.Refusal, hasSlot))
            {
                await Task.Delay(Pause, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        while (GoesOn());
    }

    private async ValueTask<(CancellationToken Stop, bool HasSlot)> TakeSlotAsync()
    {
        CancellationTokenSource wanted;
        CancellationToken stop;
        lock (gate)
        {
            stop = _stop.Token;
            wanted = _wanted = CancellationTokenSource.CreateLinkedTokenSource(stop);
            book.BeginWaitingForSlot();
            CheckWanted_NeedsLock();
        }

        var hasSlot = false;
        try
        {
            hasSlot = await slots.TakeAsync(pool, wanted.Token).ConfigureAwait(false);
            return (stop, hasSlot);
        }
        finally
        {
            lock (gate)
            {
                book.EndWaitingForSlot();
                book.IsConnecting = hasSlot;
            }

            wanted.Dispose();
        }
    }

    private async ValueTask<LaneGrant> OpenAsync(CancellationToken stop)
    {
        try
        {
            return await source.OpenAsync(stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The account was stopped, and whoever waited was told so.
            return default;
        }
        finally
        {
            lock (gate)
            {
                book.IsConnecting = false;
            }
        }
    }

    private bool GoesOn()
    {
        lock (gate)
        {
            return book.TryGoOnOpening();
        }
    }
}
