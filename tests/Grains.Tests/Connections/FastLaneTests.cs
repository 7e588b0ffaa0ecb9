using Kataven.Errors;
using Kataven.Grains.Connections;
using Kataven.Grains.Tests.Connections.Budget;
using Kataven.Queries;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Connections;

public sealed class FastLaneTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly FakeLanes _lanes = new();
    private readonly FakeGroups _groups = new();
    private readonly LanePool _places;
    private readonly FastLane _fast;

    public FastLaneTests()
    {
        _places = new LanePool(_lanes, new FakeSlots(), new LaneLimits(2, 10, TimeSpan.FromSeconds(5)), _time);
        _fast = new FastLane(_places, _lanes, _groups, _time);
        for (var i = 0; i < FastDemand.OpensAfter; i++)
        {
            Assert.False(_fast.TryTake(Read()));
        }
    }

    [Fact]
    public async Task A_lone_read_goes_out_at_once_and_those_that_come_meanwhile_go_out_together()
    {
        var first = _groups.HoldFirst();

        var reads = Enumerable.Range(0, 10).Select(_ => Take()).ToList();
        Assert.Single(Assert.Single(_groups.Groups));
        first.SetResult();

        await AllAsync(reads);
        Assert.Equal([1, 9], _groups.Groups.Select(group => group.Count));
        Assert.Equal(1, _lanes.Opened);
    }

    [Fact]
    public async Task A_group_is_no_larger_than_its_limit()
    {
        var first = _groups.HoldFirst();

        var reads = Enumerable.Range(0, 1 + (2 * FastLane.LargestGroup) + 3).Select(_ => Take()).ToList();
        first.SetResult();

        await AllAsync(reads);
        Assert.Equal([1, FastLane.LargestGroup, FastLane.LargestGroup, 3], _groups.Groups.Select(group => group.Count));
    }

    [Fact]
    public async Task Those_behind_one_that_failed_are_the_next_group_in_their_order()
    {
        var first = new TaskCompletionSource();
        _groups.Runs = async (number, group, _) =>
        {
            await (number == 0 ? first.Task : Task.CompletedTask);
            if (number != 1)
            {
                return await FakeGroups.AnswerAll(group);
            }

            group[0].Done([]);
            group[1].Refuse();
            return FastGroupEnd.Whole;
        };

        var reads = Enumerable.Range(0, 6).Select(_ => Take()).ToList();
        first.SetResult();
        await AllAsync(reads);

        Assert.Equal([reads[3], reads[4], reads[5]], _groups.Groups[2]);
        Assert.True(reads[2].WasUnfit);
        Assert.Null(await reads[2].Answer);
        Assert.All(reads.Where(read => read != reads[2]), read => Assert.NotNull(read.Answer.Result));
    }

    [Fact]
    public async Task A_lane_that_breaks_sends_its_reads_elsewhere_is_ended_and_gives_back_its_place()
    {
        _groups.Runs = (number, group, _) => number == 0 ? Task.FromResult(FastGroupEnd.Broken) : FakeGroups.AnswerAll(group);

        var broken = Take();
        Assert.Null(await broken.Answer.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.False(broken.WasUnfit);
        var next = Take();

        Assert.NotNull(await next.Answer.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal((2, 1), (_lanes.Opened, _lanes.Terminated));
        Assert.Equal(1, _places.Counts.Open);
    }

    [Fact]
    public async Task Where_all_places_are_taken_it_gets_the_next_before_whoever_waits()
    {
        var held = new[] { await RentAsync(), await RentAsync() };
        var waiting = _places.RentAsync(TestContext.Current.CancellationToken).AsTask();

        Assert.False(_fast.TryTake(Read()));
        Assert.False(_fast.TryTake(Read()));
        _places.Return(held[0]);
        _time.Advance(TimeSpan.FromMilliseconds(20));

        Assert.NotNull(await Take().Answer.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(2, _places.Counts.Open);
        Assert.False(waiting.IsCompleted);
        _places.Return(held[1]);
        Assert.NotNull((await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken)).Lane);
    }

    [Fact]
    public async Task A_place_that_was_kept_for_it_in_vain_goes_to_who_waits()
    {
        var held = new[] { await RentAsync(), await RentAsync() };
        var waiting = _places.RentAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(_fast.TryTake(Read()));
        _places.Return(held[0]);
        Assert.False(waiting.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(50));
        _time.Advance(TimeSpan.FromMilliseconds(50));

        Assert.NotNull((await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken)).Lane);
    }

    [Fact]
    public async Task Nobody_waits_for_it_while_its_connection_is_opened()
    {
        var opening = new TaskCompletionSource<LaneGrant>();
        _lanes.Opens = _ => opening.Task;

        Assert.False(_fast.TryTake(Read()));
        Assert.False(_fast.TryTake(Read()));
        Assert.Equal(1, _lanes.Opened);
        opening.SetResult(LaneGrant.Of(FakeLanes.NewLane()));

        Assert.NotNull(await Take().Answer.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task One_that_is_opened_while_it_is_replaced_is_not_used()
    {
        var opening = new TaskCompletionSource<LaneGrant>();
        _lanes.Opens = _ => opening.Task;
        Assert.False(_fast.TryTake(Read()));

        await _fast.ReplaceAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);
        opening.SetResult(LaneGrant.Of(FakeLanes.NewLane()));

        Assert.Equal(0, _places.Counts.Open);
    }

    [Fact]
    public async Task While_one_that_broke_does_not_end_nobody_waits_for_it()
    {
        var closing = new TaskCompletionSource<bool>();
        _lanes.Closes = _ => closing.Task;
        _groups.Runs = (_, _, _) => Task.FromResult(FastGroupEnd.Broken);

        Assert.Null(await Take().Answer.WaitAsync(Patience, TestContext.Current.CancellationToken));

        Assert.Equal(1, _places.Counts.Broken);
        await _fast.ReplaceAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);
        await RentAsync();
        Assert.False(_fast.TryTake(Read()));
        closing.SetResult(true);
    }

    [Fact]
    public async Task It_gives_its_place_to_a_request_that_waits_when_it_is_not_used()
    {
        await Take().Answer;
        await RentAsync();
        var waiting = _places.RentAsync(TestContext.Current.CancellationToken).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(49));
        await Take().Answer;
        _time.Advance(TimeSpan.FromMilliseconds(49));
        Assert.False(waiting.IsCompleted);

        _time.Advance(TimeSpan.FromMilliseconds(51));

        Assert.NotNull((await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken)).Lane);
        Assert.Equal(2, _places.Counts.Open);
    }

    [Fact]
    public async Task Replacing_waits_for_the_group_that_runs_and_sends_elsewhere_what_waits()
    {
        var first = _groups.HoldFirst();
        var running = Take();
        var waiting = Take();

        var replaced = _fast.ReplaceAsync();

        Assert.Null(await waiting.Answer.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.False(replaced.IsCompleted);
        first.SetResult();
        await replaced.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.NotNull(await running.Answer.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.NotNull(await Take().Answer.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(2, _lanes.Opened);
    }

    [Fact]
    public async Task Stopping_ends_the_group_that_runs_and_closes_the_lane()
    {
        _groups.HangUntilCancelled();
        var running = Take();

        _places.Stop(Refusal.Of(ErrorCode.AccountInactive, ""));
        _fast.Stop();

        Assert.Null(await running.Answer.WaitAsync(Patience, TestContext.Current.CancellationToken));
        await _places.WhenEmptyAsync().WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.False(_fast.TryTake(Read()));
    }

    [Fact]
    public async Task A_group_that_hangs_is_ended_at_its_limit()
    {
        _groups.HangUntilCancelled();
        var hung = Take();

        _time.Advance(FastLane.GroupLimit);

        Assert.Null(await hung.Answer.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Many_callers_at_once_each_get_one_answer_while_lanes_break_and_are_replaced()
    {
        var random = new Random(1);
        _groups.Runs = async (_, group, _) =>
        {
            await Task.Yield();
            int upTo;
            lock (random)
            {
                upTo = random.Next(2) == 0 ? group.Count : random.Next(group.Count + 1);
            }

            foreach (var read in group.Take(upTo))
            {
                read.Done([]);
            }

            return upTo == group.Count ? FastGroupEnd.Whole : FastGroupEnd.Broken;
        };

        var callers = Enumerable.Range(0, 200).Select(caller => Task.Run(async () =>
        {
            var read = Read();
            if (caller % 10 == 0)
            {
                await _fast.ReplaceAsync();
            }

            return !_fast.TryTake(read) || await read.Answer.WaitAsync(Patience) is null or { Length: 0 };
        }));

        Assert.All(await Task.WhenAll(callers).WaitAsync(Patience, TestContext.Current.CancellationToken), Assert.True);
        Assert.InRange(_places.Counts.Open, 0, 1);
    }

    private static FastRead Read() => new(new Statement("select 1", []), QueryOptions.Default, 1_000);

    private FastRead Take()
    {
        var read = Read();
        Assert.True(_fast.TryTake(read));
        return read;
    }

    private async Task<Lane> RentAsync() => (await _places.RentAsync(TestContext.Current.CancellationToken)).Lane!;

    private static Task<byte[]?[]> AllAsync(IEnumerable<FastRead> reads) =>
        Task.WhenAll(reads.Select(read => read.Answer)).WaitAsync(Patience, TestContext.Current.CancellationToken);
}
