using Kataven.Accounts;
using Kataven.Cluster;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Cluster;
using Kataven.Grains.Idempotency;
using Kataven.Grains.Queries;
using Kataven.Grains.Queries.Fast;
using Kataven.Grains.Transactions;
using Kataven.Queries;
using Kataven.Tenants;
using Kataven.Transactions;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Kataven.Grains.Tenants;

/// <summary>
/// ④ Owns one account's connections for as long as they are used. It is reentrant and thin: pool and execution are plain
/// classes that leave its scheduler at once.
/// </summary>
[Reentrant]
internal sealed class TenantGrain(
    TenantPools pools,
    LocalTenants local,
    FirstUseMigration firstUse,
    LostSilos lost,
    AccountFeed feed,
    IOptions<TenantOptions> options,
    IOptions<TransactionOptions> transactions,
    IOptions<IdempotencyOptions> idempotency,
    TimeProvider time) : Grain, ITenantGrain, IAsyncDisposable
{
    /// <summary>How long an activation waits for the truth of now before it goes by what the silo knows.</summary>
    private static readonly TimeSpan AskFor = TimeSpan.FromSeconds(2);

    /// <summary>How long <see cref="CloseAsync"/> waits for open streams and transactions.</summary>
    private static readonly TimeSpan DrainFor = TimeSpan.FromSeconds(30);

    /// <summary>How long an activation that goes waits for direct calls, which it then cancels: Orleans gives it 30 s for all of its end.</summary>
    private static readonly TimeSpan DirectCallsWithin = TimeSpan.FromSeconds(20);

    /// <summary>How long what was cancelled for a hold may take to be gone.</summary>
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(30);

    private TenantPool _pool = null!;
    private FastReads _fast = null!;
    private TenantQueries _queries = null!;
    private TenantStreams _streams = null!;
    private TenantTransactions _transactions = null!;
    private LocalTenant? _local;
    private IGrainTimer? _idleTimer;
    private volatile bool _isStopped;
    private bool _ended;

    private AccountId Account => AccountId.Parse(this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // A migration at first use goes on from here, and is no part of the call that came first.
        SenderMembership.Take();
        // The copy may be behind by some milliseconds, in which the account was suspended by a call that found no
        // activation to tell. What the table says now cannot be.
        await RefreshAsync();
        cancellationToken.ThrowIfCancellationRequested();
        // Taken here: lanes are opened off the grain's scheduler, where a grain has no factory.
        var context = GrainContext;
        var lifecycle = GrainFactory.GetGrain<IAccountGrain>(Account.Value);
        _pool = pools.Open(
            Account,
            lifecycle.AdoptAsync,
            () =>
            {
                _isStopped = true;
                context.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The account was stopped."));
            });
        _fast = new FastReads(_pool, options.Value.FastLane, time);
        _queries = new TenantQueries(_pool, _fast, new IdempotentWrites(_pool, idempotency.Value, time), time);
        _streams = new TenantStreams(_pool, _fast, options.Value, time);
        _transactions = new TenantTransactions(_pool, _fast, transactions.Value, time);
        _idleTimer = this.RegisterGrainTimer(CloseWhenIdleAsync, new GrainTimerCreationOptions
        {
            DueTime = options.Value.IdleAfter,
            Period = Timeout.InfiniteTimeSpan,
            Interleave = true,
        });
        if (_pool.Refusal is null && await firstUse.TryBeginAsync(Account) is { } migration)
        {
            // Whoever comes waits until it has ended.
            _ = firstUse.HoldAsync(Account, migration, _pool);
        }

        _local = local.Add(Account, _queries);
    }

    public Task<Answer> QueryAsync(QueryRequest request, CancellationToken cancellation) =>
        lost.RefusalOf(request.Members) is { } late ? Task.FromResult(Answer.Refused(late)) : _queries.QueryAsync(request, cancellation);

    public Task<Answer> TransactionAsync(TransactionRequest request, CancellationToken cancellation) =>
        lost.RefusalOf(request.Members) is { } late ? Task.FromResult(Answer.Refused(late)) : _queries.TransactionAsync(request, cancellation);

    public Task<StreamPart> OpenStreamAsync(StreamRequest request, CancellationToken cancellation) =>
        lost.RefusalOf(request.Members) is { } late ? Task.FromResult(StreamPart.Refused(late)) : _streams.OpenAsync(request, cancellation);

    public Task<StreamPart> NextPartAsync(Guid stream, CancellationToken cancellation) => _streams.NextAsync(stream, cancellation);

    public Task CloseStreamAsync(Guid stream)
    {
        _streams.Close(stream);
        return Task.CompletedTask;
    }

    public Task<TransactionAnswer> BeginTransactionAsync(TransactionStart start, CancellationToken cancellation) => _transactions.BeginAsync(start, cancellation);

    public Task<TransactionAnswer> QueryInTransactionAsync(TransactionId transaction, QueryRequest request, CancellationToken cancellation) =>
        _transactions.QueryAsync(transaction, request, cancellation);

    public Task<TransactionAnswer> EndTransactionAsync(TransactionId transaction, TransactionEnding ending, CancellationToken cancellation) =>
        _transactions.EndAsync(transaction, ending, cancellation);

    public async Task<Warmth> WarmAsync()
    {
        var admission = await _pool.EnterAsync(TenantPool.AnyVersion, 0, isCounted: false, CancellationToken.None);
        if (!admission.IsAdmitted)
        {
            return new Warmth(TimeSpan.Zero, admission.Refusal);
        }

        try
        {
            var begin = time.GetTimestamp();
            if (_pool.Lanes.Counts is { Idle: > 0 } or { Busy: > 0 } or { Resetting: > 0 })
            {
                return new Warmth(TimeSpan.Zero, null);
            }

            var grant = await _pool.Lanes.RentAsync(CancellationToken.None);
            if (grant.Lane is { } lane)
            {
                _pool.Lanes.Return(lane);
            }

            return new Warmth(time.GetElapsedTime(begin), grant.Refusal);
        }
        finally
        {
            _pool.Leave();
        }
    }

    public async Task ObeyAsync()
    {
        await RefreshAsync();
        if (_pool.Refusal is null)
        {
            // It is served; or the table could not be read, and the feed decides.
            return;
        }

        await _pool.Lanes.WhenEmptyAsync();
        DeactivateOnIdle();
    }

    public async Task<bool> HoldAsync(Guid holder, TimeSpan lease)
    {
        // Nobody renews it before it is there.
        if (!_pool.TryHold(holder, lease + options.Value.HoldDrainTimeout + EndWithin))
        {
            return false;
        }

        await _pool.DrainAsync(holder, options.Value.HoldDrainTimeout);
        return _pool.TryRenewHold(holder, lease);
    }

    public async Task<bool> PauseAsync(Guid holder, TimeSpan lease)
    {
        if (!_pool.TryHold(holder, lease + options.Value.HoldDrainTimeout + EndWithin, keepsLanes: true))
        {
            return false;
        }

        await _pool.DrainAsync(holder, options.Value.HoldDrainTimeout);
        // What the holder does comes by no lane of this pool.
        await _fast.ForgetAsync();
        return _pool.TryRenewHold(holder, lease);
    }

    public Task<bool> RenewHoldAsync(Guid holder, TimeSpan lease) => Task.FromResult(_pool.TryRenewHold(holder, lease));

    public async Task ReleaseAsync(Guid holder, bool closesConnections)
    {
        // Once more: where the hold's lease ran out in between, requests have read what the holder was about to change.
        await _fast.ForgetAsync();
        _pool.Release(holder, closesConnections);
    }

    public async Task CloseAsync()
    {
        var quiet = local.RemoveAsync(Account, _local!);
        var until = time.GetTimestamp();
        while (_streams.Count + _transactions.Count > 0 && time.GetElapsedTime(until) < DrainFor)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time);
        }

        _ = DeactivateWhenAsync(quiet);
    }

    public Task<bool> MoveAsync(SiloAddress silo)
    {
        if (!_pool.MayMove(TimeSpan.Zero) || _streams.Count > 0)
        {
            return Task.FromResult(false);
        }

        // In one turn with the look: no stream can begin between.
        RequestContext.Set(IPlacementDirector.PlacementHintKey, silo);
        this.MigrateOnIdle();
        RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        return Task.FromResult(true);
    }

    // Whatever the token says: connections that stay open would have no owner.
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => EndAsync();

    /// <summary>Orleans tells an activation of its end only where it had become whole; one that was stopped while it began is only disposed of.</summary>
    public ValueTask DisposeAsync() => _isStopped ? new ValueTask(EndAsync()) : ValueTask.CompletedTask;

    private async Task EndAsync()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        _idleTimer?.Dispose();
        if (_local is not null)
        {
            // Orleans has waited for its own calls.
            using var limit = new CancellationTokenSource(DirectCallsWithin, time);
            await using var late = limit.Token.UnsafeRegister(static pool => ((TenantPool)pool!).BreakOff(), _pool);
            await local.RemoveAsync(Account, _local);
        }

        if (_pool is not null)
        {
            await pools.CloseAsync(_pool);
        }
    }

    /// <summary>
    /// The pool's own clock decides, not Orleans' collection, which counts any message as use and is late by up to twice the age.
    /// </summary>
    private Task CloseWhenIdleAsync(CancellationToken cancellation)
    {
        if (_pool.TryRetire(options.Value.IdleAfter, out var left))
        {
            _ = local.RemoveAsync(Account, _local!);
            DeactivateOnIdle();
        }
        else
        {
            _idleTimer?.Change(left, Timeout.InfiniteTimeSpan);
            // Orleans' collection does not see direct calls.
            DelayDeactivation(2 * options.Value.IdleAfter);
        }

        return Task.CompletedTask;
    }

    private async Task DeactivateWhenAsync(Task quiet)
    {
        await quiet;
        DeactivateOnIdle();
    }

    private async Task RefreshAsync()
    {
        using var limit = new CancellationTokenSource(AskFor, time);
        try
        {
            await feed.RefreshAsync(Account, limit.Token);
        }
        catch (Exception)
        {
            // The feed has logged it. Accounts that are known are served while the system database is away.
        }
    }
}
