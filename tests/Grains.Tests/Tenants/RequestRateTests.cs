using Kataven.Grains.Tenants;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Tenants;

public sealed class RequestRateTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_second_has_as_many_requests_as_the_limit_and_no_more()
    {
        var rate = new RequestRate(_time);
        Assert.Equal(10, Taken(rate, 10, 100));

        _time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(5, Taken(rate, 10, 100));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(10, Taken(rate, 10, 100));
    }

    [Fact]
    public void Over_any_time_the_rate_is_exact()
    {
        var rate = new RequestRate(_time);
        var taken = 0;
        for (var milliseconds = 0; milliseconds < 10_000; milliseconds++)
        {
            taken += Taken(rate, 7, 3);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        // What the bucket held at first, and what came in ten seconds.
        Assert.InRange(taken, 7 + 69, 7 + 70);
    }

    [Fact]
    public void Who_is_refused_is_told_when_the_next_one_is_let_in()
    {
        var rate = new RequestRate(_time);
        Assert.Equal(4, Taken(rate, 4, 4));

        Assert.False(rate.TryTake(4, out var wait));
        Assert.Equal(0.25, wait.TotalSeconds, 0.001);
        _time.Advance(wait);
        Assert.True(rate.TryTake(4, out _));
    }

    [Fact]
    public void A_limit_that_changes_is_in_force_at_once()
    {
        var rate = new RequestRate(_time);
        Assert.Equal(1_000, Taken(rate, 0, 1_000));
        Assert.Equal(3, Taken(rate, 3, 10));
        Assert.Equal(100, Taken(rate, 0, 100));
    }

    private static int Taken(RequestRate rate, int perSecond, int tries) =>
        Enumerable.Range(0, tries).Count(_ => rate.TryTake(perSecond, out TimeSpan _));
}
