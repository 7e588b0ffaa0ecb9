using Kataven.Errors;
using Kataven.Grains.Tenants;

namespace Kataven.Grains.Transactions;

/// <summary>The calls of one transaction take turns, in the order in which they came, and do not wait for ever. Thread-safe.</summary>
internal sealed class TransactionTurns(TimeProvider time)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _waiting;

    /// <summary>Null when it is the caller's turn, until <see cref="Pass"/>; else why it is not.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits for it any more.</exception>
    public async ValueTask<Refusal?> TakeAsync(TenantLimits limits, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        // Whoever waits is served first: the turn is handed on to them, and free for nobody meanwhile.
        if (_turn.Wait(0, CancellationToken.None))
        {
            return null;
        }

        if (Interlocked.Increment(ref _waiting) > limits.MaxQueue)
        {
            Interlocked.Decrement(ref _waiting);
            return TransactionRefusals.TooManyWait(limits);
        }

        using var patience = new CancellationTokenSource(limits.WaitTimeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await _turn.WaitAsync(end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return TransactionRefusals.StatementsBefore(limits);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        if (cancellation.IsCancellationRequested)
        {
            // The turn came in the moment in which nobody wanted it any more.
            Pass();
            cancellation.ThrowIfCancellationRequested();
        }

        return null;
    }

    /// <summary>For the last one, who waits for as long as it takes.</summary>
    public Task TakeLastAsync() => _turn.WaitAsync();

    public void Pass() => _turn.Release();
}
