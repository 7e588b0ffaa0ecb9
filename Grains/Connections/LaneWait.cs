using Kataven.Errors;
using Kataven.Grains.Connections.Budget;

namespace Kataven.Grains.Connections;

/// <summary>How a request waits for a lane: in order, for as long as its account's limit says, and while its caller is there.</summary>
internal sealed class LaneWait(Lock gate, LaneBook book, LaneOpener opener, IConnectionSlots slots, TimeProvider time)
{
    public async ValueTask<LaneGrant> ForAsync(LaneWaiter waiter, LaneLimits limits, CancellationToken cancellation)
    {
        var patience = limits.WaitTimeout;
        while (true)
        {
            try
            {
                return await waiter.Woken.WaitAsync(patience, time, cancellation).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
            {
                var timedOut = exception is TimeoutException;
                if (GiveUp(waiter, timedOut, limits) is { } refusal)
                {
                    return LaneGrant.Refused(refusal);
                }

                // What is left is the opening of a lane, which has a limit of its own, or a moment.
                (patience, cancellation) = (Timeout.InfiniteTimeSpan, timedOut ? cancellation : CancellationToken.None);
            }
        }
    }

    private Refusal? GiveUp(LaneWaiter waiter, bool timedOut, LaneLimits limits)
    {
        lock (gate)
        {
            var refusal = book.GiveUp(waiter, timedOut, limits, slots.Budget);
            opener.CheckWanted_NeedsLock();
            return refusal;
        }
    }
}
