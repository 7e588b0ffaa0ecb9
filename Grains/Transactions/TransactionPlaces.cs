using Kataven.Errors;
using Kataven.Grains.Tenants;

namespace Kataven.Grains.Transactions;

/// <summary>
/// How many transactions an account has open, and who waits until it may begin one: in order, and not for ever. Thread-safe.
/// </summary>
internal sealed class TransactionPlaces(int most, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = new();
    private int _most = most;

    public int Taken { get; private set; }

    public int Most
    {
        get
        {
            lock (_lock)
            {
                return _most;
            }
        }
    }

    /// <summary>
    /// As many as are allowed at one time: one of the account's lanes is left for requests that are no transaction's. An account that
    /// has only one may have one all the same; its other requests wait meanwhile.
    /// </summary>
    public static int MostOf(int maxOpen, int maxLanes) => Math.Max(1, Math.Min(maxOpen, maxLanes - 1));

    /// <summary>Null when a place was taken, which <see cref="GiveBack"/> gives back; else why there is none.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public async ValueTask<Refusal?> TakeAsync(TenantLimits limits, CancellationToken cancellation)
    {
        LinkedListNode<TaskCompletionSource> waiter;
        lock (_lock)
        {
            if (Taken < _most)
            {
                Taken++;
                return null;
            }

            if (_waiting.Count >= limits.MaxQueue)
            {
                return TransactionRefusals.TooManyWait(limits);
            }

            waiter = _waiting.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        try
        {
            await waiter.Value.Task.WaitAsync(limits.WaitTimeout, time, cancellation).ConfigureAwait(false);
            return null;
        }
        catch (TimeoutException)
        {
            return TryLeave(waiter) ? TransactionRefusals.TooMany(Most, limits) : null;
        }
        catch (OperationCanceledException)
        {
            if (!TryLeave(waiter))
            {
                GiveBack();
            }

            throw;
        }
    }

    public void GiveBack()
    {
        lock (_lock)
        {
            Taken--;
            Admit_NeedsLock();
        }
    }

    /// <returns>How many are open beyond what is allowed now.</returns>
    public int Allow(int most)
    {
        lock (_lock)
        {
            _most = most;
            Admit_NeedsLock();
            return Math.Max(0, Taken - _most);
        }
    }

    /// <summary>False where it has been given a place.</summary>
    private bool TryLeave(LinkedListNode<TaskCompletionSource> waiter)
    {
        lock (_lock)
        {
            if (waiter.List is null)
            {
                return false;
            }

            _waiting.Remove(waiter);
            return true;
        }
    }

    private void Admit_NeedsLock()
    {
        while (Taken < _most && _waiting.First is { } first)
        {
            _waiting.RemoveFirst();
            Taken++;
            first.Value.SetResult();
        }
    }
}
