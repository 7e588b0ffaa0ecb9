using Kataven.Grains.Connections;
using Kataven.Grains.Tests.Connections.Budget;
using Kataven.Queries;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Connections;

/// <summary>When, and where, a caller hears of its answer.</summary>
public sealed class FastReadTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FakeGroups _groups = new();
    private readonly FastLane _fast;

    public FastReadTests()
    {
        var (lanes, time) = (new FakeLanes(), new FakeTimeProvider());
        _fast = new FastLane(new LanePool(lanes, new FakeSlots(), new LaneLimits(2, 10, Patience), time), lanes, _groups, time);
        for (var i = 0; i < FastDemand.OpensAfter; i++)
        {
            Assert.False(_fast.TryTake(Read()));
        }
    }

    [Fact]
    public async Task The_caller_of_a_lone_read_hears_of_it_when_the_lane_is_free_again()
    {
        var first = _groups.HoldFirst();
        var isFree = Then(Take(), () => _fast.IdleSince is not null);

        first.SetResult();

        Assert.True(await isFree.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_a_caller_does_next_holds_up_nobody_of_its_group()
    {
        var first = _groups.HoldFirst();
        List<FastRead> reads = [Take(), Take(), Take()];
        var sawNext = Then(reads[1], () => SpinWait.SpinUntil(() => reads[2].IsAnswered, Patience));

        first.SetResult();

        Assert.True(await sawNext.WaitAsync(2 * Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_lone_read_that_the_next_follows_is_answered_too()
    {
        var first = _groups.HoldFirst();
        List<FastRead> reads = [Take(), Take()];

        first.SetResult();

        Assert.All(await Task.WhenAll(reads.Select(read => read.Answer)).WaitAsync(Patience, TestContext.Current.CancellationToken), Assert.NotNull);
        Assert.Equal([1, 1], _groups.Groups.Select(group => group.Count));
    }

    [Fact]
    public async Task An_answer_that_was_given_stays()
    {
        var read = Read();

        read.Done([7]);
        read.SendElsewhere();

        Assert.Equal([7], await read.Answer.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    private FastRead Take()
    {
        var read = Read();
        Assert.True(_fast.TryTake(read));
        return read;
    }

    private static FastRead Read() => new(new Statement("SELECT 1", []), QueryOptions.Default, 1_000_000);

    private static Task<bool> Then(FastRead read, Func<bool> look) => read.Answer.ContinueWith(
        _ => look(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
