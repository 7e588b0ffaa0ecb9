using Kataven.Grains.Idempotency;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Idempotency;

public sealed class KeyBookTests
{
    private readonly FakeTimeProvider _time = new();

    private KeyBook Book(int keys = 3, long bytes = 100) => new(new IdempotencyOptions { MaxKeys = keys, MaxTotalBytes = bytes }, _time);

    [Fact]
    public void As_many_are_begun_as_there_is_room_for()
    {
        var book = Book();
        Assert.True(book.TryBegin() && book.TryBegin() && book.TryBegin());
        Assert.False(book.TryBegin());
        book.End(null);
        Assert.True(book.TryBegin());
        book.End(10);
        Assert.False(book.TryBegin());
    }

    [Fact]
    public void Their_length_fills_it_too()
    {
        var book = Book();
        Assert.True(book.TryBegin());
        book.End(99);
        Assert.True(book.TryBegin());
        book.End(1);
        Assert.False(book.TryBegin());
        book.Purged(1, 99);
        Assert.True(book.TryBegin());
    }

    [Fact]
    public void It_is_counted_at_the_beginning_and_once_a_second_where_it_is_full()
    {
        var book = Book();
        Assert.Equal((true, false), (book.IsCountDue(), book.IsCountDue()));
        book.Counted(3, 0);
        Assert.False(book.IsCountDue());
        _time.Advance(KeyBook.CountEvery);
        Assert.Equal((true, false), (book.IsCountDue(), book.IsCountDue()));
        book.Counted(2, 0);
        _time.Advance(TimeSpan.FromDays(1));
        Assert.False(book.IsCountDue());
    }

    [Fact]
    public void Those_that_run_are_not_in_the_count_and_are_not_forgotten()
    {
        var book = Book();
        Assert.True(book.TryBegin());
        book.Counted(2, 0);
        Assert.False(book.TryBegin());
    }

    [Fact]
    public void A_count_that_failed_is_made_by_the_next()
    {
        var book = Book();
        Assert.True(book.IsCountDue());
        book.NotCounted();
        Assert.True(book.IsCountDue());
    }

    [Fact]
    public void It_is_purged_once_a_minute_and_at_once_again_where_there_were_more()
    {
        var book = Book(keys: 10_000);
        Assert.Equal((true, false), (book.IsPurgeDue(), book.IsPurgeDue()));
        _time.Advance(KeyBook.PurgeEvery);
        Assert.True(book.IsPurgeDue());
        book.Purged(KeyBook.PurgeAtMost, 0);
        Assert.True(book.IsPurgeDue());
        book.Purged(KeyBook.PurgeAtMost - 1, 0);
        Assert.False(book.IsPurgeDue());
    }

    [Fact]
    public void A_full_one_is_purged_once_a_second()
    {
        var book = Book();
        Assert.True(book.IsPurgeDue());
        book.Counted(3, 0);
        _time.Advance(KeyBook.CountEvery);
        Assert.True(book.IsPurgeDue());
    }
}
