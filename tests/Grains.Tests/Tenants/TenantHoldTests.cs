using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Connections;
using Kataven.Grains.Tenants;
using Kataven.Grains.Tests.Connections;
using Kataven.Grains.Tests.Connections.Budget;
using Kataven.Tenants;
using Kataven.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Tenants;

public sealed class TenantHoldTests
{
    private static readonly AccountId Acme = AccountId.Parse("acme");
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan WaitsFor = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly Guid _holder = Guid.NewGuid();

    [Fact]
    public async Task Requests_wait_while_the_account_is_held_and_meet_the_next_activation_after_it()
    {
        var pool = Pool(Row(1));
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
        var pool = Pool(Row(1));
        pool.TryHold(_holder, TimeSpan.FromHours(1));
        var waiting = EnterAsync(pool);

        _time.Advance(WaitsFor);

        Assert.Equal(ErrorCode.AccountHeld, (await waiting).Refusal?.Code);
        Assert.Equal(0, pool.Report("silo").Waiting);
        Assert.Equal(PoolState.Held, pool.Report("silo").State);
    }

    [Fact]
    public async Task A_hold_whose_holder_is_not_heard_of_ends_by_itself_and_one_that_is_renewed_does_not()
    {
        var (pool, lease) = (Pool(Row(1)), TimeSpan.FromSeconds(3));
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
        var (pool, other) = (Pool(Row(1)), Guid.NewGuid());
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
        var pool = Pool(Row(1));
        pool.TryHold(_holder, Lease);
        var waiting = EnterAsync(pool);

        pool.Apply(Row(2, AccountStatus.Suspended));

        Assert.Equal(ErrorCode.AccountInactive, (await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).Refusal?.Code);
    }

    [Fact]
    public async Task Who_goes_away_does_not_wait_any_more()
    {
        var pool = Pool(Row(1));
        pool.TryHold(_holder, Lease);
        using var gone = new CancellationTokenSource();
        var waiting = pool.EnterAsync(1, 5, gone.Token).AsTask();

        await gone.CancelAsync();

        Assert.Equal(LaneRefusals.CallerGone, (await waiting).Refusal);
        Assert.Equal(0, pool.Report("silo").Waiting);
    }

    [Fact]
    public void More_than_the_queue_of_the_account_do_not_wait()
    {
        var pool = Pool(Row(1, maxQueue: 2));
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
        var pool = Pool(Row(1));
        pool.TryHold(_holder, Lease);
        _ = EnterAsync(pool, new TenantLimits().MaxRequestBytes);

        Assert.Contains("Kataven:Tenants:Limits:MaxRequestBytes", pool.Enter(1, 1).Refusal?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_runs_may_end_first_and_is_cancelled_at_the_limit()
    {
        var pool = Pool(Row(1));
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
        var pool = Pool(Row(1));
        pool.TryHold(_holder, Lease);

        await pool.DrainAsync(_holder, TimeSpan.FromHours(1)).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.False(pool.Stopping.IsCancellationRequested);
    }

    [Fact]
    public void An_account_that_is_held_is_not_idle()
    {
        var pool = Pool(Row(1));
        pool.TryHold(_holder, TimeSpan.FromDays(1));
        _time.Advance(TimeSpan.FromHours(1));

        Assert.False(pool.TryRetire(TimeSpan.FromMinutes(5), out _));
    }

    [Fact]
    public async Task A_silo_that_stops_lets_nobody_wait()
    {
        var pool = Pool(Row(1));
        pool.TryHold(_holder, Lease);
        var waiting = EnterAsync(pool);

        pool.BreakOff();

        Assert.True((await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).IsStale);
    }

    [Fact]
    public async Task A_hold_that_leaves_the_database_as_it_is_keeps_connections_and_requests_go_on_in_this_activation()
    {
        var (pool, lane) = await PoolWithIdleLaneAsync();
        pool.TryHold(_holder, Lease, keepsLanes: true);
        var waiting = EnterAsync(pool);

        await DrainAsync(pool, _holder);

        Assert.Equal((1, PoolState.Held), (pool.Lanes.Counts.Idle, pool.Report("silo").State));
        pool.Release(_holder);
        Assert.True((await waiting).IsAdmitted);
        Assert.Same(lane, (await pool.Lanes.RentAsync(TestContext.Current.CancellationToken)).Lane);
        Assert.Equal(PoolState.Serving, pool.Report("silo").State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_changes_the_database_closes_them_whichever_of_two_came_first(bool changesFirst)
    {
        var (pool, _) = await PoolWithIdleLaneAsync();
        var (former, other) = (Guid.NewGuid(), Guid.NewGuid());
        pool.TryHold(former, Lease, keepsLanes: !changesFirst);
        pool.TryHold(other, Lease, keepsLanes: changesFirst);

        await DrainAsync(pool, other);

        Assert.Equal(0, pool.Lanes.Counts.Open);
        pool.Release(other);
        Assert.True(pool.Enter(1).IsStale);
    }

    [Fact]
    public async Task Where_what_runs_had_to_be_cancelled_no_connection_is_kept()
    {
        var (pool, _) = await PoolWithIdleLaneAsync();
        Assert.True(pool.Enter(1).IsAdmitted);
        pool.TryHold(_holder, Lease, keepsLanes: true);
        var drained = pool.DrainAsync(_holder, TimeSpan.FromSeconds(5));

        _time.Advance(TimeSpan.FromSeconds(5));

        await drained.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(0, pool.Lanes.Counts.Open);
        pool.Release(_holder);
        Assert.True(pool.Enter(1).IsStale);
    }

    [Fact]
    public async Task A_hold_that_ends_by_itself_while_what_runs_comes_to_its_end_closes_nothing()
    {
        var (pool, _) = await PoolWithIdleLaneAsync();
        Assert.True(pool.Enter(1).IsAdmitted);
        pool.TryHold(_holder, TimeSpan.FromSeconds(1), keepsLanes: true);
        var drained = pool.DrainAsync(_holder, TimeSpan.FromSeconds(5));
        _time.Advance(TimeSpan.FromSeconds(2));

        pool.Leave();

        await drained.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.False(pool.TryRenewHold(_holder, Lease));
        Assert.True(pool.Enter(1).IsAdmitted);
        Assert.Equal(1, pool.Lanes.Counts.Idle);
    }

    /// <summary>The migration was cancelled while what ran came to its end.</summary>
    [Fact]
    public async Task One_that_was_given_up_cancels_nothing_that_came_after_it()
    {
        var (pool, _) = await PoolWithIdleLaneAsync();
        Assert.True(pool.Enter(1).IsAdmitted);
        pool.TryHold(_holder, Lease, keepsLanes: true);
        var drained = pool.DrainAsync(_holder, TimeSpan.FromSeconds(5));
        pool.Release(_holder);
        Assert.True(pool.Enter(1).IsAdmitted);

        _time.Advance(TimeSpan.FromSeconds(5));

        await drained.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.False(pool.Stopping.IsCancellationRequested);
        Assert.Equal(1, pool.Lanes.Counts.Idle);
    }

    [Fact]
    public async Task Who_says_so_has_connections_closed_at_its_end_and_nobody_elses_hold_ends_by_it()
    {
        var (pool, _) = await PoolWithIdleLaneAsync();
        pool.TryHold(_holder, Lease, keepsLanes: true);
        pool.Release(Guid.NewGuid(), closesConnections: true);
        Assert.Equal(PoolState.Held, pool.Report("silo").State);

        pool.Release(_holder, closesConnections: true);

        Assert.True(pool.Enter(1).IsStale);
    }

    /// <summary>It was suspended when it was activated, and the row that resumes it comes while a migration has begun.</summary>
    [Fact]
    public void An_account_that_is_resumed_during_a_hold_is_served_by_the_next_activation()
    {
        var pool = Pool(Row(1, AccountStatus.Suspended));
        pool.TryHold(_holder, Lease, keepsLanes: true);
        pool.Apply(Row(2));

        pool.Release(_holder);

        Assert.True(pool.Enter(2).IsStale);
    }

    private static Task DrainAsync(TenantPool pool, Guid holder) =>
        pool.DrainAsync(holder, TimeSpan.FromHours(1)).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    private async Task<(TenantPool Pool, Lane Lane)> PoolWithIdleLaneAsync()
    {
        var pool = Pool(Row(1));
        Assert.True(pool.Enter(1).IsAdmitted);
        var lane = (await pool.Lanes.RentAsync(TestContext.Current.CancellationToken)).Lane!;
        pool.Lanes.Return(lane);
        pool.Leave();
        await Eventually.Async(() => pool.Lanes.Counts.Idle == 1, TimeSpan.FromSeconds(30), "the lane is idle");
        return (pool, lane);
    }

    private static Task<Admission> EnterAsync(TenantPool pool, long bytes = 0) =>
        pool.EnterAsync(1, bytes, TestContext.Current.CancellationToken).AsTask();

    private TenantPool Pool(AccountRow row) => new(Acme, row, new TenantLimits(), new FakeLanes(), new FakeSlots(), new FakeGroups(), _time)
    {
        HeldRequestTimeout = WaitsFor,
    };

    private static AccountRow Row(long version, AccountStatus status = AccountStatus.Active, int? maxQueue = null) => new(
        new Account
        {
            Id = Acme,
            Name = "Acme",
            Status = status,
            Limits = new AccountLimits { MaxQueue = maxQueue },
            CreatedAt = default,
            Version = version,
        },
        HasDatabase: true);
}
