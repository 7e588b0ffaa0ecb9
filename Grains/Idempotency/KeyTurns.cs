namespace Kataven.Grains.Idempotency;

/// <summary>
/// Of the requests that have one key and come at one time, one runs and the others wait, without a lane: a thousand repeats of one
/// slow write leave the account's other lanes to other requests. Thread-safe.
/// </summary>
/// <remarks>
/// What makes a write happen once is the row in the account's database. This saves lanes, as long as the account has this one owner.
/// </remarks>
internal sealed class KeyTurns
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedList<TaskCompletionSource<KeptAnswer?>>> _taken = new(StringComparer.Ordinal);
    private int _waiting;

    /// <summary>Requests that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting;
            }
        }
    }

    /// <summary>Takes the key's turn, or waits for it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="mostWaiting">How many requests may wait, for whatever keys.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>
    /// Null: it is the caller's turn, who has to <see cref="Leave"/>. Else what the request before it kept. A task that is ended by
    /// <paramref name="cancellation"/>, or null where too many wait.
    /// </returns>
    public Task<KeptAnswer?>? TryEnter(string key, int mostWaiting, CancellationToken cancellation)
    {
        LinkedListNode<TaskCompletionSource<KeptAnswer?>> waiter;
        lock (_lock)
        {
            if (!_taken.TryGetValue(key, out var waiters))
            {
                _taken[key] = [];
                return Task.FromResult<KeptAnswer?>(null);
            }

            if (_waiting >= mostWaiting)
            {
                return null;
            }

            waiter = waiters.AddLast(new TaskCompletionSource<KeptAnswer?>(TaskCreationOptions.RunContinuationsAsynchronously));
            _waiting++;
        }

        return WaitAsync(waiter, cancellation);
    }

    /// <param name="key">The key.</param>
    /// <param name="kept">What was committed, which all who wait get; null where nothing was, or it is not known: then it is the next one's turn.</param>
    public void Leave(string key, KeptAnswer? kept)
    {
        List<TaskCompletionSource<KeptAnswer?>> woken;
        lock (_lock)
        {
            var waiters = _taken[key];
            woken = kept is null ? [.. waiters.Take(1)] : [.. waiters];
            woken.ForEach(_ => waiters.RemoveFirst());
            _waiting -= woken.Count;
            if (kept is not null || woken.Count == 0)
            {
                _taken.Remove(key);
            }
        }

        woken.ForEach(waiter => waiter.SetResult(kept));
    }

    private async Task<KeptAnswer?> WaitAsync(LinkedListNode<TaskCompletionSource<KeptAnswer?>> waiter, CancellationToken cancellation)
    {
        try
        {
            return await waiter.Value.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!TryGiveUp(waiter))
        {
            // It was called in this very moment: a turn that nobody takes would be taken for ever.
            return await waiter.Value.Task.ConfigureAwait(false);
        }
    }

    private bool TryGiveUp(LinkedListNode<TaskCompletionSource<KeptAnswer?>> waiter)
    {
        lock (_lock)
        {
            if (waiter.List is not { } waiters)
            {
                return false;
            }

            waiters.Remove(waiter);
            _waiting--;
            return true;
        }
    }
}
