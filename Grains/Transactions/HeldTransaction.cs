using Kataven.Errors;
using Kataven.Grains.Connections;
using Kataven.Grains.Queries;
using Kataven.Grains.Queries.Text;
using Kataven.Grains.Tenants;
using Kataven.Queries;
using Kataven.Transactions;

namespace Kataven.Grains.Transactions;

/// <summary>
/// ⑤ A transaction that lasts from call to call, with the lane that it holds. Its calls take turns. Whoever ends it, a call, its
/// lease, or what becomes of the account, ends it once; then the lane goes back, and with it all locks. Thread-safe.
/// </summary>
internal sealed class HeldTransaction
{
    private readonly Lock _lock = new();
    private readonly TenantPool _pool;
    private readonly TransactionSession _session;
    private readonly TransactionOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<HeldTransaction, TransactionEnd> _ended;
    private readonly TransactionTurns _turns;
    private readonly TransactionLease _lease;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _stopping;
    private TransactionEnd? _end;
    private TransactionEnd? _cutOff;
    private bool _isCommitting;

    /// <param name="id">Its id.</param>
    /// <param name="pool">The account's.</param>
    /// <param name="session">What it does on its lane.</param>
    /// <param name="options">Its limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ended">Called once the lane has gone back.</param>
    public HeldTransaction(
        TransactionId id, TenantPool pool, TransactionSession session, TransactionOptions options, TimeProvider time, Action<HeldTransaction, TransactionEnd> ended)
    {
        (Id, _pool, _session, _options, _time, _ended) = (id, pool, session, options, time, ended);
        BegunAt = time.GetTimestamp();
        _turns = new TransactionTurns(time);
        _lease = new TransactionLease(options, time, end => TryEnd(end));
    }

    public TransactionId Id { get; }

    public long BegunAt { get; }

    public DateTimeOffset ExpiresAt => _lease.ExpiresAt;

    public TimeSpan IdleFor => _lease.IdleFor;

    public bool HasEnded => Locked(() => _end is not null);

    /// <param name="stopping">
    /// The pool's, as it was before the transaction was let in: what stopped the account since then has cancelled it.
    /// </param>
    public void EndWith(CancellationToken stopping) => _stopping = stopping.UnsafeRegister(
        static held => ((HeldTransaction)held!).TryEnd(((HeldTransaction)held).WhyStopped()), this);

    public Task<TransactionAnswer> QueryAsync(QueryRequest request, CancellationToken caller) =>
        StatementText.IsTransactionControl(request.Statement.Sql) && !StatementText.IsSavepoint(request.Statement.Sql)
            ? Task.FromResult(TransactionAnswer.Refused(TransactionRefusals.Control))
            : InTurnAsync(() => RunAsync(request, caller), caller);

    public Task<TransactionAnswer> CommitAsync(CancellationToken caller) => InTurnAsync(CommitAsync, caller);

    /// <summary>Does not wait for what runs, which is cancelled: nothing of it is to stay.</summary>
    public async Task<TransactionAnswer> RollBackAsync()
    {
        var isFirst = TryEnd(TransactionEnd.RolledBack);
        await _closed.Task.ConfigureAwait(false);
        return isFirst ? Ended(TransactionOutcome.RolledBack) : TransactionAnswer.Refused(Lost());
    }

    /// <summary>Has it end, unless it has already, or is being committed: of that only what becomes of the account is reason enough.</summary>
    /// <returns>Whether this has ended it.</returns>
    public bool TryEnd(TransactionEnd end)
    {
        bool isCommitting;
        lock (_lock)
        {
            isCommitting = _isCommitting;
            if (_end is not null || (isCommitting && !IsOfAccount(end)))
            {
                return false;
            }

            if (isCommitting)
            {
                _cutOff = end;
            }
            else
            {
                _end = end;
            }
        }

        // Not on this thread: it may be the feed's, and Npgsql opens a connection to cancel.
        _ = _stop.CancelAsync();
        if (!isCommitting)
        {
            _ = CloseAsync(end);
        }

        return !isCommitting;
    }

    private async Task<TransactionAnswer> InTurnAsync(Func<Task<TransactionAnswer>> run, CancellationToken caller)
    {
        _lease.Enter();
        try
        {
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(caller, _stop.Token);
            if (await _turns.TakeAsync(_pool.Limits, gone.Token).ConfigureAwait(false) is { } refusal)
            {
                return TransactionAnswer.Refused(refusal);
            }

            try
            {
                return HasEnded ? TransactionAnswer.Refused(Lost()) : await run().ConfigureAwait(false);
            }
            finally
            {
                _turns.Pass();
            }
        }
        catch (OperationCanceledException)
        {
            return TransactionAnswer.Refused(HasEnded ? Lost() : LaneRefusals.CallerGone);
        }
        finally
        {
            _lease.Leave();
        }
    }

    private async Task<TransactionAnswer> RunAsync(QueryRequest request, CancellationToken caller)
    {
        if (!_session.IsAlive)
        {
            TryEnd(TransactionEnd.ConnectionLost);
            return TransactionAnswer.Refused(Lost());
        }

        using var clock = Clock(TenantQueries.TimeLimit(_pool.Limits, request.Options), caller);
        var answer = await _session.RunAsync(request, clock, Lost).ConfigureAwait(false);
        var refusal = answer.Refusal;
        if (!_session.IsOpen && TryEnd(TransactionEnd.ConnectionLost) && refusal?.Code == ErrorCode.DatabaseUnavailable)
        {
            refusal = Lost();
        }

        return new TransactionAnswer { Kind = answer.Kind, Body = answer.Body, Refusal = refusal, ExpiresAt = HasEnded ? null : ExpiresAt };
    }

    private async Task<TransactionAnswer> CommitAsync()
    {
        if (!_session.IsAlive)
        {
            TryEnd(TransactionEnd.ConnectionLost);
            return TransactionAnswer.Refused(Lost());
        }

        if (!Locked(() => _isCommitting = _end is null))
        {
            return TransactionAnswer.Refused(Lost());
        }

        var refusal = TransactionRefusals.Failed;
        var end = TransactionEnd.CommitUnknown;
        try
        {
            if (_session.HasFailed)
            {
                await _session.RollBackAsync().ConfigureAwait(false);
            }
            else
            {
                // A client that goes away has asked for it all the same.
                using var clock = Clock(_pool.Limits.StatementTimeout, CancellationToken.None);
                refusal = await _session.CommitAsync(clock, Lost).ConfigureAwait(false);
            }

            end = refusal switch
            {
                null => TransactionEnd.Committed,
                { Code: ErrorCode.OutcomeUnknown } => TransactionEnd.CommitUnknown,
                _ => TransactionEnd.CommitFailed,
            };
        }
        finally
        {
            Locked(() => _end = end);
            _ = _stop.CancelAsync();
            Close(end);
        }

        return refusal is null ? Ended(TransactionOutcome.Committed) : TransactionAnswer.Refused(refusal);
    }

    /// <summary>What runs has been cancelled, and those that wait are told: nobody comes between.</summary>
    private async Task CloseAsync(TransactionEnd end)
    {
        await _turns.TakeLastAsync().ConfigureAwait(false);
        await _session.RollBackAsync().ConfigureAwait(false);
        Close(end);
        _turns.Pass();
    }

    private void Close(TransactionEnd end)
    {
        _lease.Dispose();
        // Does not wait: this may be its own callback.
        _stopping.Unregister();
        _session.GiveBack();
        _ended(this, end);
        _closed.SetResult();
    }

    private StatementClock Clock(TimeSpan limit, CancellationToken caller) => new(limit, _time, caller, _stop.Token);

    private static TransactionAnswer Ended(TransactionOutcome outcome) => new() { Kind = AnswerKind.Done, Outcome = outcome };

    /// <summary>A statement that a suspension ended is told of that, as any other is.</summary>
    private Refusal Lost()
    {
        var end = Locked(() => _end ?? _cutOff);
        return end == TransactionEnd.AccountStopped && _pool.Refusal is { } refusal ? refusal : TransactionRefusals.Lost(end, _options);
    }

    private TransactionEnd WhyStopped() => _pool.Refusal switch
    {
        null => TransactionEnd.AccountHeld,
        { Code: ErrorCode.DatabaseUnavailable } => TransactionEnd.AccountMoved,
        _ => TransactionEnd.AccountStopped,
    };

    private static bool IsOfAccount(TransactionEnd end) =>
        end is TransactionEnd.AccountStopped or TransactionEnd.AccountHeld or TransactionEnd.AccountMoved;

    private T Locked<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }
}
