using Kataven.Errors;
using Kataven.Grains.Connections;
using Kataven.Grains.Tests.Connections.Budget;
using Kataven.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Connections;

public sealed class LanePoolTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeLanes _lanes = new();
    private readonly FakeSlots _slots = new();

    [Fact]
    public async Task Waiters_are_served_in_the_order_in_which_they_came()
    {
        var pool = Pool(1);
        var lane = (await RentAsync(pool)).Lane!;
        var waiting = Enumerable.Range(0, 5).Select(_ => RentAsync(pool)).ToList();

        for (var i = 0; i < 5; i++)
        {
            pool.Return(lane);
            lane = (await waiting[i].WaitAsync(Patience, TestContext.Current.CancellationToken)).Lane!;
            Assert.All(waiting.Skip(i + 1), later => Assert.False(later.IsCompleted));
        }

        Assert.Equal(1, _lanes.Opened);
    }

    [Fact]
    public async Task A_waiter_who_has_gone_leaves_no_hole()
    {
        var pool = Pool(1, maxQueue: 3);
        var lane = (await RentAsync(pool)).Lane!;
        using var gone = new CancellationTokenSource();
        var first = RentAsync(pool);
        var second = pool.RentAsync(gone.Token).AsTask();
        var third = RentAsync(pool);

        await gone.CancelAsync();

        Assert.Equal(ErrorCode.QueryCancelled, (await second).Refusal?.Code);
        Assert.Equal(2, pool.Counts.Waiting);
        pool.Return(lane);
        pool.Return((await first).Lane!);
        pool.Return((await third).Lane!);
        Assert.Equal((1, 0, 0), Of(pool.Counts));
    }

    [Fact]
    public async Task Who_waits_for_longer_than_the_limit_is_refused_and_not_a_moment_before()
    {
        var pool = Pool(1);
        await RentAsync(pool);
        var waiting = RentAsync(pool);

        _time.Advance(Wait - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(ErrorCode.Overloaded, (await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken)).Refusal?.Code);
        Assert.Equal(0, pool.Counts.Waiting);
    }

    [Fact]
    public async Task A_lane_that_is_handed_over_in_the_moment_of_the_time_limit_is_not_lost()
    {
        var pool = Pool(1);
        for (var round = 0; round < 200; round++)
        {
            var lane = (await RentAsync(pool)).Lane!;
            var waiting = RentAsync(pool);
            using var together = new Barrier(2);
            var late = Task.Run(
                () =>
                {
                    together.SignalAndWait();
                    _time.Advance(Wait);
                },
                TestContext.Current.CancellationToken);
            together.SignalAndWait(TestContext.Current.CancellationToken);
            pool.Return(lane);
            await late;

            var grant = await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken);
            if (grant.Lane is { } handedOver)
            {
                pool.Return(handedOver);
            }

            await Eventually.Async(() => Of(pool.Counts) == (1, 0, 0), Patience, "the lane is idle again");
        }

        Assert.Equal(1, _lanes.Opened);
    }

    [Fact]
    public async Task A_lane_that_is_opened_while_the_account_is_stopped_is_closed_and_not_lent()
    {
        var opening = new TaskCompletionSource<LaneGrant>();
        _lanes.Opens = _ => opening.Task;
        var pool = Pool(2);
        var asking = RentAsync(pool);
        var refusal = Refusal.Of(ErrorCode.AccountInactive, "stopped");

        pool.Stop(refusal);
        var empty = pool.WhenEmptyAsync();
        Assert.False(empty.IsCompleted);
        opening.SetResult(LaneGrant.Of(FakeLanes.NewLane()));

        Assert.Equal(refusal with { DidNotRun = true }, (await asking.WaitAsync(Patience, TestContext.Current.CancellationToken)).Refusal);
        await empty.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(default, pool.Counts);
    }

    [Fact]
    public async Task Stopping_refuses_who_waits_and_closes_what_comes_back()
    {
        var pool = Pool(1);
        var lane = (await RentAsync(pool)).Lane!;
        var waiting = RentAsync(pool);
        var refusal = Refusal.Of(ErrorCode.AccountInactive, "stopped");

        pool.Stop(refusal);

        Assert.Equal(refusal with { DidNotRun = true }, (await waiting).Refusal);
        Assert.Equal(refusal with { DidNotRun = true }, (await RentAsync(pool)).Refusal);
        pool.Return(lane);
        await pool.WhenEmptyAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);
        pool.Start();
        Assert.NotNull((await RentAsync(pool)).Lane);
    }

    [Fact]
    public async Task Lowered_limits_close_idle_lanes_at_once_and_busy_ones_as_they_come_back()
    {
        var pool = Pool(4);
        var busy = new List<Lane>();
        for (var i = 0; i < 4; i++)
        {
            busy.Add((await RentAsync(pool)).Lane!);
        }

        pool.Return(busy[3]);
        Assert.Equal((4, 3, 0), Of(pool.Counts));
        pool.Apply(new LaneLimits(2, 100, Wait));
        Assert.Equal((3, 3, 0), Of(pool.Counts));
        pool.Return(busy[2]);
        pool.Return(busy[1]);
        pool.Return(busy[0]);

        Assert.Equal((2, 0, 0), Of(pool.Counts));
    }

    [Fact]
    public async Task Lanes_that_come_back_all_at_once_after_limits_were_lowered_are_closed_down_to_them_and_no_further()
    {
        for (var round = 0; round < 500; round++)
        {
            var pool = Pool(4);
            var busy = new List<Lane>();
            for (var i = 0; i < 4; i++)
            {
                busy.Add((await RentAsync(pool)).Lane!);
            }

            pool.Apply(new LaneLimits(2, 100, Wait));
            using var together = new Barrier(4);
            await Task.WhenAll(busy.Select(lane => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    pool.Return(lane);
                },
                TestContext.Current.CancellationToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));

            await Eventually.Async(() => pool.Counts.Busy == 0, Patience, "all came back");
            Assert.Equal((2, 0, 0), Of(pool.Counts));
        }
    }

    [Fact]
    public async Task Raised_limits_let_those_who_wait_open_lanes()
    {
        var pool = Pool(1);
        await RentAsync(pool);
        var waiting = Enumerable.Range(0, 3).Select(_ => RentAsync(pool)).ToArray();

        pool.Apply(new LaneLimits(3, 100, Wait));

        Assert.NotNull((await waiting[0].WaitAsync(Patience, TestContext.Current.CancellationToken)).Lane);
        Assert.NotNull((await waiting[1].WaitAsync(Patience, TestContext.Current.CancellationToken)).Lane);
        Assert.False(waiting[2].IsCompleted);
        Assert.Equal((3, 3, 1), Of(pool.Counts));
    }

    [Fact]
    public async Task The_place_of_a_lane_that_broke_goes_to_the_next()
    {
        var pool = Pool(1);
        var lane = (await RentAsync(pool)).Lane!;
        var waiting = RentAsync(pool);
        _lanes.Resets = () => false;

        pool.Return(lane);

        Assert.NotSame(lane, (await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken)).Lane);
        Assert.Equal(1, _lanes.Terminated);
        Assert.Equal((1, 1, 0), Of(pool.Counts));
    }

    private static Task<LaneGrant> RentAsync(LanePool pool) => pool.RentAsync(CancellationToken.None).AsTask();

    private LanePool Pool(int maxLanes, int maxQueue = 100) => new(_lanes, _slots, new LaneLimits(maxLanes, maxQueue, Wait), _time);

    /// <summary>Open, not idle, waiting.</summary>
    private static (int Open, int Lent, int Waiting) Of(LaneCounts counts) => (counts.Open, counts.NotIdle, counts.Waiting);
}
