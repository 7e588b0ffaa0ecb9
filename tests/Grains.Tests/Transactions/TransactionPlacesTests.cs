using Kataven.Errors;
using Kataven.Grains.Tenants;
using Kataven.Grains.Transactions;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Transactions;

public sealed class TransactionPlacesTests
{
    private static readonly TenantLimits Limits = new() { MaxQueue = 2, WaitTimeout = TimeSpan.FromSeconds(5) };

    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(4, 8, 4)]
    [InlineData(4, 5, 4)]
    [InlineData(4, 4, 3)]
    [InlineData(4, 2, 1)]
    [InlineData(4, 1, 1)]
    [InlineData(48, 49, 48)]
    public void One_lane_is_left_for_other_requests_unless_it_is_the_only_one(int maxOpen, int maxLanes, int most) =>
        Assert.Equal(most, TransactionPlaces.MostOf(maxOpen, maxLanes));

    [Fact]
    public async Task Who_waits_gets_the_next_place_in_order()
    {
        var places = new TransactionPlaces(1, _time);
        Assert.Null(await places.TakeAsync(Limits, TestContext.Current.CancellationToken));
        var (first, second) = (TakeAsync(places), TakeAsync(places));

        places.GiveBack();

        Assert.Null(await first);
        Assert.False(second.IsCompleted);
        places.GiveBack();
        Assert.Null(await second);
        Assert.Equal(1, places.Taken);
    }

    [Fact]
    public async Task Who_has_waited_for_as_long_as_it_may_is_told_which_setting_to_change()
    {
        var places = new TransactionPlaces(1, _time);
        await places.TakeAsync(Limits, TestContext.Current.CancellationToken);
        var waiting = TakeAsync(places);

        _time.Advance(Limits.WaitTimeout);

        var refusal = await waiting;
        Assert.Equal(ErrorCode.Overloaded, refusal?.Code);
        Assert.Contains("Kataven:Transactions:MaxOpen", refusal?.Detail, StringComparison.Ordinal);
        places.GiveBack();
        Assert.Equal(0, places.Taken);
    }

    [Fact]
    public async Task More_than_the_queue_do_not_wait()
    {
        var places = new TransactionPlaces(1, _time);
        await places.TakeAsync(Limits, TestContext.Current.CancellationToken);
        _ = TakeAsync(places);
        _ = TakeAsync(places);

        Assert.Contains("Kataven:Tenants:Limits:MaxQueue", (await TakeAsync(places))?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_goes_away_takes_no_place()
    {
        var places = new TransactionPlaces(1, _time);
        await places.TakeAsync(Limits, TestContext.Current.CancellationToken);
        using var gone = new CancellationTokenSource();
        var waiting = places.TakeAsync(Limits, gone.Token).AsTask();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        places.GiveBack();
        Assert.Equal(0, places.Taken);
    }

    [Fact]
    public async Task A_limit_that_is_raised_lets_in_and_one_that_is_lowered_tells_how_many_are_too_many()
    {
        var places = new TransactionPlaces(1, _time);
        await places.TakeAsync(Limits, TestContext.Current.CancellationToken);
        var waiting = TakeAsync(places);

        Assert.Equal(0, places.Allow(3));

        Assert.Null(await waiting);
        Assert.Equal((2, 1), (places.Taken, places.Allow(1)));
        places.GiveBack();
        Assert.Equal(0, places.Allow(1));
    }

    private static Task<Refusal?> TakeAsync(TransactionPlaces places) => places.TakeAsync(Limits, TestContext.Current.CancellationToken).AsTask();
}
