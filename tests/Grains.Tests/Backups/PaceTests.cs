using Kataven.Grains.Backups;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Backups;

public sealed class PaceTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_rate_nobody_waits()
    {
        var pace = new Pace(null, _time);

        for (var piece = 0; piece < 1000; piece++)
        {
            await pace.KeepAsync(pace.Piece, Cancellation);
        }
    }

    [Fact]
    public async Task Bytes_take_the_time_that_the_rate_says()
    {
        var pace = new Pace(1_000_000, _time);
        var (begun, done) = (_time.GetUtcNow(), 0);

        while (done < 2_000_000)
        {
            done += pace.Piece;
            for (var turn = pace.KeepAsync(pace.Piece, Cancellation); !turn.IsCompleted;)
            {
                _time.Advance(TimeSpan.FromMilliseconds(1));
            }
        }

        Assert.InRange((_time.GetUtcNow() - begun).TotalSeconds, 1.95, 2.1);
    }

    [Fact]
    public async Task What_was_late_is_not_made_up_for()
    {
        var pace = new Pace(1_000_000, _time);
        var turn = pace.KeepAsync(1_000, Cancellation);
        _time.Advance(TimeSpan.FromSeconds(10));
        await turn;
        // Ten seconds late, which it finds at the end of this.
        await pace.KeepAsync(1_000, Cancellation);

        Assert.False(pace.KeepAsync(100_000, Cancellation).IsCompleted);
    }

    [Theory]
    [InlineData(1_000, 4 * 1024)]
    [InlineData(10_000_000, 40_000)]
    [InlineData(1e12, 128 * 1024)]
    public void A_piece_is_what_a_short_time_has_room_for(double bytesPerSecond, int piece) =>
        Assert.Equal(piece, new Pace(bytesPerSecond, _time).Piece);

    [Fact]
    public async Task A_wait_can_be_ended()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var waiting = new Pace(1, _time).KeepAsync(1_000, cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
