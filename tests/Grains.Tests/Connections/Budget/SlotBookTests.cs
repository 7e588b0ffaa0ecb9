using Kataven.Grains.Connections.Budget;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Connections.Budget;

public sealed class SlotBookTests
{
    private static readonly TimeSpan Quantum = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _time = new();
    private readonly SlotBook _book;
    private readonly FakeUser _one = new();
    private readonly FakeUser _two = new();
    private readonly FakeUser _three = new();

    public SlotBookTests() => _book = new SlotBook(Quantum, _time);

    [Fact]
    public void A_free_slot_is_taken_where_nobody_waits_for_it()
    {
        _book.Lease(1);

        Assert.True(_book.TryTake(_one));
        Assert.False(_book.TryTake(_two));
        Assert.Equal((1, 1, 0), (_book.Leased, _book.Used, _book.Free));
    }

    [Fact]
    public void Who_waits_gets_one_in_turn_and_nobody_comes_before_them()
    {
        var (two, three) = (_book.Join(_two), _book.Join(_three));
        _book.Lease(1);

        Assert.False(_book.TryTake(_one));
        Assert.Equal([two], _book.Serve());
        _book.GiveBack(_two);
        Assert.Equal([three], _book.Serve());
        Assert.Equal(0, _book.Waiting);
    }

    [Fact]
    public void Who_has_fewer_comes_first()
    {
        _book.Lease(1);
        _book.TryTake(_one);
        var (one, two) = (_book.Join(_one), _book.Join(_two));
        Assert.False(_book.MustYield(_two));

        _book.Lease(1);
        Assert.Equal([two], _book.Serve());
        _book.Lease(1);
        Assert.Equal([one], _book.Serve());
    }

    [Fact]
    public void Who_has_gone_is_passed_over_and_who_was_served_cannot_go()
    {
        var (one, two) = (_book.Join(_one), _book.Join(_two));
        Assert.True(_book.TryLeave(one));
        _book.Lease(1);

        Assert.Equal([two], _book.Serve());
        Assert.False(_book.TryLeave(two));
    }

    [Fact]
    public void What_the_cluster_is_owed_is_a_turn_like_any_other()
    {
        _book.Lease(2);
        _book.TryTake(_one);
        _book.TryTake(_two);
        _book.Owe(1);
        var three = _book.Join(_three);
        Assert.Equal(1, _book.Owed);

        _book.GiveBack(_one);
        Assert.Empty(_book.Serve());
        Assert.Equal((1, 1, 0), (_book.Leased, _book.Used, _book.Owed));

        _book.GiveBack(_two);
        Assert.Equal([three], _book.Serve());
    }

    [Fact]
    public void What_the_cluster_is_owed_no_more_is_no_turn_any_more()
    {
        _book.Owe(3);
        var one = _book.Join(_one);
        _book.Owe(0);
        _book.Lease(1);

        Assert.Equal([one], _book.Serve());
        Assert.Equal(1, _book.Leased);
    }

    [Theory]
    [InlineData(3, 1, 0, true)]
    [InlineData(2, 1, 99, false)]
    [InlineData(2, 1, 100, true)]
    [InlineData(1, 1, 10_000, false)]
    [InlineData(1, 0, 99, false)]
    [InlineData(1, 0, 100, true)]
    [InlineData(2, 0, 0, true)]
    public void An_account_gives_way_to_one_that_has_fewer(int mine, int theirs, int waitedMilliseconds, bool gives)
    {
        _book.Lease(mine + theirs);
        for (var i = 0; i < mine; i++)
        {
            _book.TryTake(_one);
        }

        for (var i = 0; i < theirs; i++)
        {
            _book.TryTake(_two);
        }

        Assert.False(_book.MustYield(_one));
        _book.Join(_two);
        _time.Advance(TimeSpan.FromMilliseconds(waitedMilliseconds));

        Assert.Equal(gives, _book.MustYield(_one));
        Assert.False(_book.MustYield(_two));
    }

    [Fact]
    public void Accounts_are_those_that_have_a_slot_or_wait_for_their_first()
    {
        _book.Lease(1);
        _book.TryTake(_one);
        _book.Join(_one);
        _book.Join(_two);

        Assert.Equal(2, _book.Accounts);
    }
}
