using Kataven.Grains.Connections.Budget;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Connections.Budget;

/// <summary>Who gives up a lane that is used, and who need not. Nothing is abandoned here.</summary>
public sealed class ConnectionSlotsTests
{
    private static readonly CancellationToken Ever = CancellationToken.None;

    private readonly FakeTimeProvider _time = new();
    private readonly ConnectionSlots _slots;
    private readonly FakeUser _busy = new();
    private readonly FakeUser _quiet = new();
    private readonly FakeUser _first = new();
    private readonly FakeUser _second = new();

    public ConnectionSlotsTests()
    {
        _slots = new ConnectionSlots(null!, _time);
        _slots.Take(new LeaseAnswer(2, 0, 2), default, _time.GetTimestamp());
        Assert.True(_slots.TryTake(_busy));
        Assert.True(_slots.TryTake(_quiet));
    }

    [Fact]
    public async Task A_lane_that_is_used_stays_while_an_unused_one_is_closed_for_who_waits()
    {
        var first = Waits(_first);
        Assert.True(_slots.TryBeginEviction(_quiet));
        _time.Advance(ConnectionSlots.Quantum / 2);
        // It would be another's turn by now, were there nothing else.
        Assert.False(_slots.MustYield(_busy));

        _slots.GiveBack(_quiet);
        Assert.True(await first);
        Assert.False(_slots.MustYield(_busy));
    }

    [Fact]
    public void It_is_given_up_where_more_wait_than_unused_ones_are_closed()
    {
        _ = Waits(_first);
        Assert.True(_slots.TryBeginEviction(_quiet));
        _ = Waits(_second);
        _time.Advance(ConnectionSlots.Quantum);

        Assert.True(_slots.MustYield(_busy));
    }

    [Fact]
    public void And_where_the_closing_takes_too_long()
    {
        _ = Waits(_first);
        Assert.True(_slots.TryBeginEviction(_quiet));
        _time.Advance(ConnectionSlots.Quantum);

        Assert.True(_slots.MustYield(_busy));
    }

    /// <summary>Somebody waits, and the budget's owner said that there are none left.</summary>
    private Task<bool> Waits(FakeUser user)
    {
        var taken = _slots.TakeAsync(user, Ever).AsTask();
        Assert.False(taken.IsCompleted);
        _slots.Take(new LeaseAnswer(0, 0, 2), new SlotNeed(2, 1, 0, 0, 3), _time.GetTimestamp());
        return taken;
    }
}
