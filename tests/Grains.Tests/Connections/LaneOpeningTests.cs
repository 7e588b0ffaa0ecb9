using Kataven.Errors;
using Kataven.Grains.Connections;
using Kataven.Grains.Tests.Connections.Budget;
using Kataven.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Connections;

public sealed class LaneOpeningTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);
    private static readonly LaneGrant Away = LaneGrant.Refused(Refusal.Of(ErrorCode.DatabaseUnavailable, "away"));

    private readonly FakeTimeProvider _time = new();
    private readonly FakeLanes _lanes = new();
    private readonly FakeSlots _slots = new();
    private readonly Queue<TaskCompletionSource<LaneGrant>> _openings = new();

    [Fact]
    public async Task A_thousand_first_requests_open_one_lane_at_a_time()
    {
        OpenByHand();
        var pool = Pool(8);
        var asking = Enumerable.Range(0, 1_000).Select(_ => RentAsync(pool)).ToList();

        for (var open = 1; open <= 8; open++)
        {
            Assert.Equal((1, open - 1, 1_000 - (open - 1)), (pool.Counts.Opening, pool.Counts.Busy, pool.Counts.Waiting));
            _openings.Dequeue().SetResult(LaneGrant.Of(FakeLanes.NewLane()));
            await GrantedAsync(asking[open - 1]);
            await Eventually.Async(() => pool.Counts.Opening == _openings.Count && _openings.Count == (open < 8 ? 1 : 0), Patience, "the next is being opened");
        }

        Assert.Equal(8, _lanes.Opened);
    }

    [Fact]
    public async Task A_lane_that_comes_back_serves_who_waited_for_one_that_is_being_opened()
    {
        var pool = Pool(2);
        var lane = await GrantedAsync(RentAsync(pool));
        OpenByHand();
        var waiting = RentAsync(pool);

        pool.Return(lane);

        Assert.Same(lane, await GrantedAsync(waiting));
        _openings.Dequeue().SetResult(LaneGrant.Of(FakeLanes.NewLane()));
        await Eventually.Async(() => pool.Counts is { Busy: 1, Idle: 1, Opening: 0 }, Patience, "the other is idle");
    }

    [Fact]
    public async Task Who_waits_for_a_lane_that_cannot_be_opened_is_told_so_all_at_once()
    {
        OpenByHand();
        var pool = Pool(4);
        var asking = Enumerable.Range(0, 10).Select(_ => RentAsync(pool)).ToList();

        _openings.Dequeue().SetResult(Away);

        Assert.All(await Task.WhenAll(asking).WaitAsync(Patience, TestContext.Current.CancellationToken), grant => Assert.Same(Away.Refusal, grant.Refusal));
        Assert.Equal(1, _lanes.Opened);
        Assert.Equal((0, 0), (pool.Counts.Open, _slots.Taken));
        var next = RentAsync(pool);
        await Eventually.Async(() => _openings.Count == 1, Patience, "it is tried again");
        _openings.Dequeue().SetResult(LaneGrant.Of(FakeLanes.NewLane()));
        await GrantedAsync(next);
    }

    [Fact]
    public async Task Where_other_lanes_are_at_work_a_failure_to_open_one_more_refuses_nobody()
    {
        var pool = Pool(2);
        var lane = await GrantedAsync(RentAsync(pool));
        OpenByHand();
        var waiting = RentAsync(pool);

        _openings.Dequeue().SetResult(Away);
        await Eventually.Async(() => pool.Counts.Opening == 0, Patience, "it has failed");
        Assert.False(waiting.IsCompleted);
        Assert.Empty(_openings);
        _time.Advance(TimeSpan.FromMilliseconds(250));
        await Eventually.Async(() => _openings.Count == 1, Patience, "it is tried again");

        pool.Return(lane);
        Assert.Same(lane, await GrantedAsync(waiting));
    }

    [Fact]
    public async Task The_first_who_waits_outlasts_its_limit_while_a_lane_is_opened_for_it_and_the_others_do_not()
    {
        OpenByHand();
        var pool = Pool(4);
        var (first, second) = (RentAsync(pool), RentAsync(pool));

        _time.Advance(Wait);

        Assert.Equal(ErrorCode.Overloaded, (await second.WaitAsync(Patience, TestContext.Current.CancellationToken)).Refusal?.Code);
        Assert.False(first.IsCompleted);
        _openings.Dequeue().SetResult(LaneGrant.Of(FakeLanes.NewLane()));
        await GrantedAsync(first);
    }

    [Fact]
    public async Task Who_waits_for_the_budget_is_told_so_when_its_time_is_over_and_the_slot_is_not_waited_for_any_more()
    {
        var wanted = CancellationToken.None;
        var slot = new TaskCompletionSource<bool>();
        _slots.Takes = token =>
        {
            wanted = token;
            token.Register(() => slot.TrySetResult(false));
            return new ValueTask<bool>(slot.Task);
        };
        var pool = Pool(4);
        var waiting = RentAsync(pool);

        _time.Advance(Wait);

        var refusal = (await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken)).Refusal;
        Assert.Equal(ErrorCode.Overloaded, refusal?.Code);
        Assert.Contains("Kataven:Connections:Budget", refusal?.Detail, StringComparison.Ordinal);
        await Eventually.Async(() => wanted.IsCancellationRequested && pool.Counts.Open == 0, Patience, "nothing is left");
        Assert.Equal(0, _lanes.Opened);
    }

    [Fact]
    public async Task A_lane_whose_server_has_gone_is_replaced_and_not_lent()
    {
        var pool = Pool(2);
        var (one, two) = (await GrantedAsync(RentAsync(pool)), await GrantedAsync(RentAsync(pool)));
        pool.Return(one);
        pool.Return(two);
        _lanes.Dead.UnionWith([one, two]);

        var lane = await GrantedAsync(RentAsync(pool));

        Assert.DoesNotContain(lane, _lanes.Dead);
        await Eventually.Async(() => pool.Counts is { Open: 1, Busy: 1 }, Patience, "the others are closed");
        Assert.Equal(2, _lanes.Terminated);
    }

    [Fact]
    public async Task A_place_and_its_slot_come_back_when_the_servers_side_is_gone_and_not_before()
    {
        var closing = new TaskCompletionSource<bool>();
        _lanes.Closes = _ => closing.Task;
        _lanes.Resets = () => false;
        var pool = Pool(1);
        pool.Return(await GrantedAsync(RentAsync(pool)));
        var waiting = RentAsync(pool);

        Assert.Equal((1, 1, 1), (pool.Counts.Broken, pool.Counts.Waiting, _slots.Taken));
        closing.SetResult(true);

        await GrantedAsync(waiting);
        Assert.Equal((1, 1), (pool.Counts.Open, _slots.Taken));
    }

    [Fact]
    public async Task A_pool_that_is_stopped_leaves_behind_what_does_not_end_and_its_slot_with_it()
    {
        _lanes.Closes = giveUp =>
        {
            var end = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            giveUp.Register(() => end.SetResult(false));
            return end.Task;
        };
        _lanes.Resets = () => false;
        var pool = Pool(1);
        pool.Return(await GrantedAsync(RentAsync(pool)));

        pool.Stop(Refusal.Of(ErrorCode.AccountInactive, "stopped"));
        await pool.WhenEmptyAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Single(_slots.Abandoned);
        Assert.Equal(1, _slots.Taken);
    }

    [Fact]
    public async Task What_was_not_used_for_long_is_closed_except_the_last()
    {
        var pool = Pool(3);
        var lanes = new List<Lane> { await GrantedAsync(RentAsync(pool)), await GrantedAsync(RentAsync(pool)), await GrantedAsync(RentAsync(pool)) };
        lanes.ForEach(pool.Return);
        _time.Advance(TimeSpan.FromSeconds(59));
        pool.Return(await GrantedAsync(RentAsync(pool)));

        pool.CloseUnused(TimeSpan.FromMinutes(1));
        Assert.Equal(3, pool.Counts.Open);
        _time.Advance(TimeSpan.FromSeconds(1));
        pool.CloseUnused(TimeSpan.FromMinutes(1));
        Assert.Equal(1, pool.Counts.Open);
        _time.Advance(TimeSpan.FromHours(1));
        pool.CloseUnused(TimeSpan.FromMinutes(1));

        Assert.Equal(1, pool.Counts.Open);
        Assert.Same(lanes[2], await GrantedAsync(RentAsync(pool)));
    }

    [Fact]
    public async Task The_lane_that_was_not_used_for_longest_is_the_one_that_another_account_gets()
    {
        var pool = Pool(2);
        var (one, two) = (await GrantedAsync(RentAsync(pool)), await GrantedAsync(RentAsync(pool)));
        Assert.False(pool.TryEvict());
        Assert.Null(pool.IdleSince);
        pool.Return(one);
        var since = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(1));
        pool.Return(two);

        Assert.Equal(since, pool.IdleSince);
        Assert.True(pool.TryEvict());

        Assert.Same(two, await GrantedAsync(RentAsync(pool)));
        Assert.Equal(1, _slots.Taken);
    }

    [Fact]
    public async Task A_lane_that_comes_free_when_it_is_anothers_turn_is_closed_and_who_waits_here_waits_on()
    {
        var pool = Pool(1);
        var lane = await GrantedAsync(RentAsync(pool));
        var waiting = RentAsync(pool);
        var slot = new TaskCompletionSource<bool>();
        _slots.Takes = _ => new ValueTask<bool>(slot.Task);
        _slots.Yields = true;

        pool.Return(lane);

        await Eventually.Async(() => _slots.Taken == 0, Patience, "the slot is given back");
        Assert.False(waiting.IsCompleted);
        slot.SetResult(true);
        Assert.NotSame(lane, await GrantedAsync(waiting));
    }

    private static async Task<Lane> GrantedAsync(Task<LaneGrant> asking) =>
        (await asking.WaitAsync(Patience, TestContext.Current.CancellationToken)).Lane!;

    private static Task<LaneGrant> RentAsync(LanePool pool) => pool.RentAsync(CancellationToken.None).AsTask();

    private void OpenByHand() => _lanes.Opens = _ =>
    {
        var opening = new TaskCompletionSource<LaneGrant>(TaskCreationOptions.RunContinuationsAsynchronously);
        _openings.Enqueue(opening);
        return opening.Task;
    };

    private LanePool Pool(int maxLanes) => new(_lanes, _slots, new LaneLimits(maxLanes, 10_000, Wait), _time);
}
