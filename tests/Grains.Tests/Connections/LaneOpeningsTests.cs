using Kataven.Errors;
using Kataven.Grains.Connections;
using Kataven.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Connections;

public sealed class LaneOpeningsTests
{
    private const int AtOnce = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly LaneGrant Opened = LaneGrant.Of(FakeLanes.NewLane());
    private static readonly LaneGrant Away = LaneGrant.Refused(Refusal.Of(ErrorCode.DatabaseUnavailable, "away")) with { IsServerAway = true };
    private static readonly LaneGrant AccountAtFault = LaneGrant.Refused(Refusal.Of(ErrorCode.DatabaseUnavailable, "the account's role is refused"));

    private readonly FakeTimeProvider _time = new();
    private readonly List<TaskCompletionSource<LaneGrant>> _tries = [];
    private readonly LaneOpenings _openings;

    public LaneOpeningsTests() => _openings = new LaneOpenings(
        Options.Create(new ConnectionOptions { OpenAtOnce = AtOnce }), _time, NullLogger<LaneOpenings>.Instance);

    [Fact]
    public async Task So_many_are_opened_at_a_time_and_who_asked_first_is_first()
    {
        var asked = Enumerable.Range(0, 5).Select(_ => AskAsync()).ToList();
        Assert.Equal(AtOnce, _tries.Count);

        _tries[1].SetResult(Opened);
        await asked[1];
        await Eventually.Async(() => _tries.Count == 4, Patience, "the next begins");
        _tries[3].SetResult(Opened);

        Assert.Equal(Opened, await asked[3]);
        Assert.False(asked[4].IsCompleted);
    }

    [Fact]
    public async Task While_the_server_takes_none_one_is_tried_at_a_time_and_who_asks_meanwhile_is_told()
    {
        await FindAwayAsync();
        var waiting = Enumerable.Range(0, 20).Select(_ => AskAsync()).ToList();
        Assert.Single(_tries);

        for (var i = 0; i < 30; i++)
        {
            await PassAsync(TimeSpan.FromMilliseconds(50));
            foreach (var open in _tries.Where(open => !open.Task.IsCompleted).ToList())
            {
                open.SetResult(Away);
            }
        }

        await Task.WhenAll(waiting).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.All(waiting, grant => Assert.True(grant.Result.IsServerAway));
        // After 50 ms, 100 ms, 200 ms, 400 ms: of those who had waited for a second the last one's pause may have been over too.
        Assert.InRange(_tries.Count, 2, 6);
    }

    [Fact]
    public async Task When_the_server_is_back_those_who_wait_go_on_at_once()
    {
        await FindAwayAsync();
        var waiting = Enumerable.Range(0, 3).Select(_ => AskAsync()).ToList();
        await PassAsync(TimeSpan.FromMilliseconds(60));
        await Eventually.Async(() => _tries.Count == 2, Patience, "one is tried");

        _tries[1].SetResult(Opened);

        await Eventually.Async(() => _tries.Count == 4, Patience, "the others are tried");
        _tries[2].SetResult(Opened);
        _tries[3].SetResult(Opened);
        Assert.All(await Task.WhenAll(waiting).WaitAsync(Patience, TestContext.Current.CancellationToken), grant => Assert.Equal(Opened, grant));
    }

    [Fact]
    public async Task What_one_account_is_refused_holds_up_no_other()
    {
        var refused = AskAsync();
        _tries[0].SetResult(AccountAtFault);
        await refused;

        _ = AskAsync();

        Assert.Equal(2, _tries.Count);
    }

    private async Task FindAwayAsync()
    {
        var first = AskAsync();
        _tries[0].SetResult(Away);
        Assert.True((await first).IsServerAway);
    }

    private Task<LaneGrant> AskAsync() => _openings.OpenAsync(
        _ =>
        {
            var open = new TaskCompletionSource<LaneGrant>();
            lock (_tries)
            {
                _tries.Add(open);
            }

            return open.Task;
        },
        CancellationToken.None);

    /// <summary>Time goes on, and whoever waited for it has come to its next wait.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        for (var look = 0; look < 10; look++)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }
}
