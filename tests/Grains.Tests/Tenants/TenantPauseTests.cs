using Kataven.Accounts;
using Kataven.Grains.Connections;
using Kataven.Grains.Tenants;
using Kataven.Tenants;
using Kataven.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Tenants;

/// <summary>A hold that leaves the database the one that it is.</summary>
public sealed class TenantPauseTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(6);

    private readonly FakeTimeProvider _time = new();
    private readonly Guid _holder = Guid.NewGuid();

    [Fact]
    public async Task A_hold_that_leaves_the_database_as_it_is_keeps_connections_and_requests_go_on_in_this_activation()
    {
        var (pool, lane) = await PoolWithIdleLaneAsync();
        pool.TryHold(_holder, Lease, keepsLanes: true);
        var waiting = pool.EnterAsync(1, 0, isCounted: false, TestContext.Current.CancellationToken).AsTask();

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
        var pool = HeldPool.Of(_time, HeldPool.Row(1, AccountStatus.Suspended));
        pool.TryHold(_holder, Lease, keepsLanes: true);
        pool.Apply(HeldPool.Row(2));

        pool.Release(_holder);

        Assert.True(pool.Enter(2).IsStale);
    }

    /// <summary>A migration at first use: its scripts hold the account one after the other.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_outlasts_others_goes_on_when_they_end_and_ends_by_its_holder_or_with_its_time(bool byHolder)
    {
        var (pool, lane) = await PoolWithIdleLaneAsync();
        pool.TryHold(_holder, Lease, keepsLanes: true, outlastsOthers: true);
        var waiting = pool.EnterAsync(1, 0, isCounted: false, TestContext.Current.CancellationToken).AsTask();
        for (var script = 1; script <= 2; script++)
        {
            var migration = Guid.NewGuid();
            pool.TryHold(migration, Lease, keepsLanes: true);
            _time.Advance(Lease / 4);
            pool.Release(migration);
            Assert.Equal((PoolState.Held, false), (pool.Report("silo").State, waiting.IsCompleted));
        }

        if (byHolder)
        {
            pool.Release(_holder);
        }
        else
        {
            _time.Advance(Lease / 2);
        }

        Assert.True((await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).IsAdmitted);
        Assert.Same(lane, (await pool.Lanes.RentAsync(TestContext.Current.CancellationToken)).Lane);
    }

    [Fact]
    public void One_that_outlasts_others_is_over_where_its_holder_ends_it_during_anothers_or_that_closes_connections()
    {
        var (ended, closed, other) = (HeldPool.Of(_time, HeldPool.Row(1)), HeldPool.Of(_time, HeldPool.Row(1)), Guid.NewGuid());
        foreach (var pool in new[] { ended, closed })
        {
            pool.TryHold(_holder, Lease, keepsLanes: true, outlastsOthers: true);
            pool.TryHold(other, Lease, keepsLanes: true);
        }

        ended.Release(_holder);
        ended.Release(other);
        closed.Release(other, closesConnections: true);

        Assert.True(ended.Enter(1).IsAdmitted);
        Assert.True(closed.Enter(1).IsStale);
    }

    private static Task DrainAsync(TenantPool pool, Guid holder) =>
        pool.DrainAsync(holder, TimeSpan.FromHours(1)).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    private async Task<(TenantPool Pool, Lane Lane)> PoolWithIdleLaneAsync()
    {
        var pool = HeldPool.Of(_time, HeldPool.Row(1));
        Assert.True(pool.Enter(1).IsAdmitted);
        var lane = (await pool.Lanes.RentAsync(TestContext.Current.CancellationToken)).Lane!;
        pool.Lanes.Return(lane);
        pool.Leave();
        await Eventually.Async(() => pool.Lanes.Counts.Idle == 1, TimeSpan.FromSeconds(30), "the lane is idle");
        return (pool, lane);
    }
}
