using Kataven.Grains.Connections;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Connections;

public sealed class LateEndingTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _cancelled = new();
    private int _told;

    [Fact]
    public async Task A_backend_is_told_to_end_when_its_statement_goes_on_after_it_was_cancelled_and_before_its_connection_is_given_up()
    {
        await using var ending = Of();
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, _told);

        await _cancelled.CancelAsync();
        _time.Advance(LateEnding.After - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, _told);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(1, _told);
        Assert.True(2 * LateEnding.After <= TimeSpan.FromMilliseconds(LaneLogin.CancellationTimeout));
    }

    [Fact]
    public async Task One_whose_statement_is_over_is_not()
    {
        await using (Of())
        {
            await _cancelled.CancelAsync();
            _time.Advance(LateEnding.After / 2);
        }

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(0, _told);
    }

    [Fact]
    public async Task One_whose_statement_was_cancelled_before_it_began_is_not_forgotten()
    {
        await _cancelled.CancelAsync();
        await using var ending = Of();

        _time.Advance(LateEnding.After);

        Assert.Equal(1, _told);
    }

    private LateEnding Of() => new(
        FakeLanes.NewLane(),
        (_, _) =>
        {
            _told++;
            return Task.FromException(new TimeoutException("The server stands still."));
        },
        _time,
        _cancelled.Token);
}
