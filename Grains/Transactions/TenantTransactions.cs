using System.Collections.Concurrent;
using Kataven.Errors;
using Kataven.Grains.Connections;
using Kataven.Grains.Observability;
using Kataven.Grains.Queries;
using Kataven.Grains.Queries.Fast;
using Kataven.Grains.Tenants;
using Kataven.Queries;
using Kataven.Transactions;
using Npgsql;

namespace Kataven.Grains.Transactions;

/// <summary>
/// ④ The interactive transactions of one account. Each is a request that runs, and holds one of the account's lanes. Thread-safe.
/// </summary>
internal sealed class TenantTransactions
{
    /// <summary>
    /// PostgreSQL ends a transaction in which nothing was done for so much longer than its lease: the end of one that outlives its silo.
    /// </summary>
    private static readonly TimeSpan BeyondLease = TimeSpan.FromSeconds(30);

    private static readonly Refusal NotBegun = TenantRefusals.Moving with { DidNotRun = true };

    private readonly ConcurrentDictionary<TransactionId, HeldTransaction> _open = new();
    private readonly EndedTransactions _ended = new();
    private readonly TenantPool _pool;
    private readonly FastReads _fast;
    private readonly TransactionOptions _options;
    private readonly TimeProvider _time;
    private readonly TransactionPlaces _places;

    public TenantTransactions(TenantPool pool, FastReads fast, TransactionOptions options, TimeProvider time)
    {
        (_pool, _fast, _options, _time) = (pool, fast, options, time);
        _places = new TransactionPlaces(MostOf(pool), time);
        pool.LimitsChanged += ObeyLimits;
        // What changed between the look and this has told nobody.
        ObeyLimits();
    }

    public int Count => _open.Count;

    /// <summary>It counts from here on, in this turn of the grain: an account does not move while one begins.</summary>
    public async Task<TransactionAnswer> BeginAsync(TransactionStart start, CancellationToken caller)
    {
        _pool.TransactionBegan();
        try
        {
            return await TryBeginAsync(start, caller).ConfigureAwait(false);
        }
        finally
        {
            _pool.TransactionEnded();
        }
    }

    private async Task<TransactionAnswer> TryBeginAsync(TransactionStart start, CancellationToken caller)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        // Before it is let in: what stops the account from now on ends this transaction.
        var stopping = _pool.Stopping;
        var admission = await _pool.EnterAsync(start.AccountVersion, 0, start.IsCounted, caller).ConfigureAwait(false);
        if (!admission.IsAdmitted)
        {
            return NotAdmitted(admission);
        }

        if (await TakePlaceAsync(stopping, caller).ConfigureAwait(false) is { } refusal)
        {
            _pool.Leave();
            return Refuse(refusal);
        }

        var grant = await _pool.RentAsync(caller).ConfigureAwait(false);
        if (grant.Lane is { } lane)
        {
            return await BeginAsync(lane, start, stopping, caller).ConfigureAwait(false);
        }

        _places.GiveBack();
        _pool.Leave();
        return Refuse(grant.Refusal!);
    }

    public async Task<TransactionAnswer> QueryAsync(TransactionId id, QueryRequest request, CancellationToken caller)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var bytes = RequestSize.Of(request.Statement);
        var admission = _pool.Enter(request.AccountVersion, bytes, isUnderWay: true, isCounted: request.IsCounted);
        return await InAsync(id, admission, bytes, held => held.QueryAsync(request, caller)).ConfigureAwait(false);
    }

    public async Task<TransactionAnswer> EndAsync(TransactionId id, TransactionEnding ending, CancellationToken caller)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return await InAsync(
            id,
            _pool.Enter(ending.AccountVersion, isEnd: true),
            0,
            held => ending.Outcome == TransactionOutcome.Committed ? held.CommitAsync(caller) : held.RollBackAsync()).ConfigureAwait(false);
    }

    /// <summary>
    /// A call about a transaction is let in where the account is held, too: until its drain is over the transaction may come to its end.
    /// A statement counts as a request; the end does not, so that whoever may not send one now can still end what is open.
    /// </summary>
    private async Task<TransactionAnswer> InAsync(TransactionId id, Admission admission, long bytes, Func<HeldTransaction, Task<TransactionAnswer>> call)
    {
        if (!admission.IsAdmitted)
        {
            return NotAdmitted(admission);
        }

        try
        {
            if (!_open.TryGetValue(id, out var held))
            {
                return Refuse(TransactionRefusals.Lost(_ended.Find(id), _options));
            }

            var answer = await call(held).ConfigureAwait(false);
            return answer.Refusal is { } refusal ? Counted(answer, refusal) : answer;
        }
        finally
        {
            _pool.Leave(bytes);
        }
    }

    private async Task<Refusal?> TakePlaceAsync(CancellationToken stopping, CancellationToken caller)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stopping, caller);
        try
        {
            return await _places.TakeAsync(_pool.Limits, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return caller.IsCancellationRequested ? LaneRefusals.CallerGone : _pool.Refusal ?? NotBegun;
        }
    }

    private async Task<TransactionAnswer> BeginAsync(Lane lane, TransactionStart start, CancellationToken stopping, CancellationToken caller)
    {
        if (await TryBeginAsync(lane, start, stopping, caller).ConfigureAwait(false) is { } refusal)
        {
            _pool.Lanes.Return(lane);
            _places.GiveBack();
            _pool.Leave();
            // It is as if nothing had been sent.
            return Refuse(refusal with { DidNotRun = true });
        }

        var session = new TransactionSession(_pool, _fast, lane, start.ReadOnly, _time);
        var held = new HeldTransaction(TransactionId.New(_pool.Account), _pool, session, _options, _time, Forget);
        _open[held.Id] = held;
        _pool.TransactionBegan();
        TransactionMetrics.Opened();
        held.EndWith(stopping);
        if (caller.IsCancellationRequested)
        {
            // Nobody will know its id.
            held.TryEnd(TransactionEnd.CallerGone);
        }

        return held.HasEnded
            ? Refuse(_pool.Refusal ?? NotBegun)
            : new TransactionAnswer { Kind = AnswerKind.Done, Transaction = held.Id, ExpiresAt = held.ExpiresAt };
    }

    private async Task<Refusal?> TryBeginAsync(Lane lane, TransactionStart start, CancellationToken stopping, CancellationToken caller)
    {
        using var clock = new StatementClock(_pool.Limits.StatementTimeout, _time, caller, stopping);
        lane.InTransaction = true;
        try
        {
            await using var batch = new NpgsqlBatch(lane.Connection);
            batch.BatchCommands.Add(new(TenantQueries.BeginOf(start.Isolation, start.ReadOnly)));
            var longest = (long)(_options.IdleLease + BeyondLease).TotalMilliseconds;
            batch.BatchCommands.Add(new($"SET LOCAL idle_in_transaction_session_timeout TO {longest}"));
            await batch.ExecuteNonQueryAsync(clock.Token).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception)
        {
            return SqlFailure.ToRefusal(exception, clock, _pool.Refusal ?? NotBegun, 0, mayHaveWritten: false);
        }
    }

    private void Forget(HeldTransaction held, TransactionEnd end)
    {
        _ended.Add(held.Id, end);
        _open.TryRemove(held.Id, out _);
        TransactionMetrics.Ended(end, _time.GetElapsedTime(held.BegunAt));
        _places.GiveBack();
        _pool.TransactionEnded();
        _pool.Leave();
    }

    /// <summary>Those that nobody has used for longest end, where the account may have fewer than it has.</summary>
    private void ObeyLimits()
    {
        var surplus = _places.Allow(MostOf(_pool));
        foreach (var held in _open.Values.OrderByDescending(held => held.IdleFor).Take(surplus))
        {
            held.TryEnd(TransactionEnd.LimitLowered);
        }
    }

    private int MostOf(TenantPool pool) => TransactionPlaces.MostOf(_options.MaxOpen, pool.Limits.MaxLanes);

    private static TransactionAnswer NotAdmitted(Admission admission) => admission.IsStale ? TransactionAnswer.Stale : Refuse(admission.Refusal!);

    private static TransactionAnswer Refuse(Refusal refusal) => Counted(TransactionAnswer.Refused(refusal), refusal);

    private static TransactionAnswer Counted(TransactionAnswer answer, Refusal refusal)
    {
        TenantMetrics.Refused(refusal.Code);
        return answer;
    }
}
