using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Connections;
using Kataven.Grains.Tenants;
using Kataven.Tenants;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Tenants;

public sealed class TenantHoldTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);

    private readonly FakeTimeProvider _time = new();
    private readonly Guid _holder = Guid.NewGuid();

    [Fact]
    public async Task Requests_wait_while_the_account_is_held_and_meet_the_next_activation_after_it()
    {
        var pool = HeldPool.Of(_time, HeldPool.Row(1));
        Assert.True(pool.TryHold(_holder, Lease));

        var waiting = EnterAsync(pool);

        Assert.False(waiting.IsCompleted);
        Assert.Equal((PoolState.Held, 1), (pool.Report("silo").State, pool.Report("silo").Waiting));
        pool.Release(_holder);
        Assert.True((await waiting).IsStale);
        Assert.True(pool.Enter(1).IsStale);
        Assert.Equal(PoolState.Closing, pool.Report("silo").State);
    }

    [Fact]
    public async Task A_request_that_waited_for_as_long_as_it_may_is_told_so_and_the_hold_goes_on()
    {
        var pool = HeldPool.Of(_time, HeldPool.Row(1));
        pool.TryHold(_holder, TimeSpan.FromHours(1));
        var waiting = EnterAsync(pool);

        _time.Advance(HeldPool.WaitsFor);

        Assert.Equal(ErrorCode.AccountHeld, (await waiting).Refusal?.Code);
        Assert.Equal(0, pool.Report("silo").Waiting);
        Assert.Equal(PoolState.Held, pool.Report("silo").State);
    }

    [Fact]
    public async Task A_hold_whose_holder_is_not_heard_of_ends_by_itself_and_one_that_is_renewed_does_not()
    {
        var (pool, lease) = (HeldPool.Of(_time, HeldPool.Row(1)), TimeSpan.FromSeconds(3));
        pool.TryHold(_holder, lease);
        var waiting = EnterAsync(pool);
        _time.Advance(lease - TimeSpan.FromSeconds(1));
        Assert.True(pool.TryRenewHold(_holder, lease));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(waiting.IsCompleted);

        _time.Advance(lease);

        Assert.True((await waiting).IsStale);
        Assert.False(pool.TryRenewHold(_holder, lease));
        Assert.False(pool.TryHold(_holder, lease));
    }

    [Fact]
    public async Task Another_operation_takes_the_hold_over_and_the_former_can_neither_renew_nor_end_it()
    {
        var (pool, other) = (HeldPool.Of(_time, HeldPool.Row(1)), Guid.NewGuid());
        pool.TryHold(_holder, Lease);
        var waiting = EnterAsync(pool);
        Assert.True(pool.TryHold(other, Lease));

        pool.Release(_holder);

        Assert.False(pool.TryRenewHold(_holder, Lease));
        Assert.False(waiting.IsCompleted);
        pool.Release(other);
        Assert.True((await waiting).IsStale);
    }

    [Fact]
    public async Task Who_waits_is_refused_at_once_when_the_account_is_suspended()
    {
        var pool = HeldPool.Of(_time, HeldPool.Row(1));
        pool.TryHold(_holder, Lease);
        var waiting = EnterAsync(pool);

        pool.Apply(HeldPool.Row(2, AccountStatus.Suspended));

        Assert.Equal(ErrorCode.AccountInactive, (await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).Refusal?.Code);
    }

    [Fact]
    public async Task Who_goes_away_does_not_wait_any_more()
    {
        var pool = HeldPool.Of(_time, HeldPool.Row(1));
        pool.TryHold(_holder, Lease);
        using var gone = new CancellationTokenSource();
        var waiting = pool.EnterAsync(1, 5, isCounted: false, gone.Token).AsTask();

        await gone.CancelAsync();

        Assert.Equal(LaneRefusals.CallerGone, (await waiting).Refusal);
        Assert.Equal(0, pool.Report("silo").Waiting);
    }

    [Fact]
    public void More_than_the_queue_of_the_account_do_not_wait()
    {
        var pool = HeldPool.Of(_time, HeldPool.Row(1, maxQueue: 2));
        pool.TryHold(_holder, Lease);
        _ = EnterAsync(pool);
        _ = EnterAsync(pool);

        var refusal = pool.Enter(1).Refusal;

        Assert.Equal(ErrorCode.AccountHeld, refusal?.Code);
        Assert.Contains("Kataven:Tenants:Limits:MaxQueue", refusal?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Those_who_wait_do_not_take_more_memory_than_those_who_run_may()
    {
        var pool = HeldPool.Of(_time, HeldPool.Row(1));
        pool.TryHold(_holder, Lease);
        _ = EnterAsync(pool, new TenantLimits().MaxRequestBytes);

        Assert.Contains("Kataven:Tenants:Limits:MaxRequestBytes", pool.Enter(1, 1).Refusal?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_runs_may_end_first_and_is_cancelled_at_the_limit()
    {
        var pool = HeldPool.Of(_time, HeldPool.Row(1));
        Assert.True(pool.Enter(1).IsAdmitted);
        Assert.True(pool.Enter(1).IsAdmitted);
        var running = pool.Stopping;
        pool.TryHold(_holder, Lease);
        var drained = pool.DrainAsync(_holder, TimeSpan.FromSeconds(5));
        pool.Leave();
        Assert.False(running.IsCancellationRequested);

        _time.Advance(TimeSpan.FromSeconds(5));

        await drained.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.True(running.IsCancellationRequested);
    }

    [Fact]
    public async Task Where_nothing_runs_the_hold_is_there_at_once_and_nothing_is_cancelled()
    {
        var pool = HeldPool.Of(_time, HeldPool.Row(1));
        pool.TryHold(_holder, Lease);

        await pool.DrainAsync(_holder, TimeSpan.FromHours(1)).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.False(pool.Stopping.IsCancellationRequested);
    }

    [Fact]
    public void An_account_that_is_held_is_not_idle()
    {
        var pool = HeldPool.Of(_time, HeldPool.Row(1));
        pool.TryHold(_holder, TimeSpan.FromDays(1));
        _time.Advance(TimeSpan.FromHours(1));

        Assert.False(pool.TryRetire(TimeSpan.FromMinutes(5), out _));
    }

    [Fact]
    public async Task A_silo_that_stops_lets_nobody_wait()
    {
        var pool = HeldPool.Of(_time, HeldPool.Row(1));
        pool.TryHold(_holder, Lease);
        var waiting = EnterAsync(pool);

        pool.BreakOff();

        Assert.True((await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).IsStale);
    }

    private static Task<Admission> EnterAsync(TenantPool pool, long bytes = 0) =>
        pool.EnterAsync(1, bytes, isCounted: false, TestContext.Current.CancellationToken).AsTask();
}
