using Kataven.Errors;
using Kataven.Grains.Tenants;
using Kataven.Grains.Transactions;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Transactions;

public sealed class TransactionTurnsTests
{
    private static readonly TenantLimits Limits = new() { MaxQueue = 3, WaitTimeout = TimeSpan.FromSeconds(5) };

    private readonly FakeTimeProvider _time = new();
    private readonly TransactionTurns _turns;

    public TransactionTurnsTests() => _turns = new TransactionTurns(_time);

    [Fact]
    public async Task Turns_come_in_the_order_of_the_calls()
    {
        Assert.Null(await TakeAsync());
        var waiting = new[] { TakeAsync(), TakeAsync(), TakeAsync() };
        foreach (var next in waiting)
        {
            Assert.False(next.IsCompleted);
            _turns.Pass();
            Assert.Null(await next);
        }
    }

    [Fact]
    public async Task A_call_that_waited_for_as_long_as_it_may_did_not_run()
    {
        await TakeAsync();
        var waiting = TakeAsync();

        _time.Advance(Limits.WaitTimeout);

        var refusal = await waiting;
        Assert.Equal((ErrorCode.Overloaded, true), (refusal!.Code, refusal.DidNotRun));
        _turns.Pass();
        Assert.Null(await TakeAsync());
    }

    [Fact]
    public async Task More_than_the_queue_do_not_wait()
    {
        await TakeAsync();
        Task<Refusal?>[] waiting = [TakeAsync(), TakeAsync(), TakeAsync()];

        Assert.Contains("Kataven:Tenants:Limits:MaxQueue", (await TakeAsync())?.Detail, StringComparison.Ordinal);
        Assert.All(waiting, call => Assert.False(call.IsCompleted));
    }

    [Fact]
    public async Task Who_goes_away_leaves_the_turn_to_the_next()
    {
        await TakeAsync();
        using var gone = new CancellationTokenSource();
        var (leaving, next) = (_turns.TakeAsync(Limits, gone.Token).AsTask(), TakeAsync());

        await gone.CancelAsync();
        // Whether or not it has left the queue by now.
        _turns.Pass();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        Assert.Null(await next);
    }

    private Task<Refusal?> TakeAsync() => _turns.TakeAsync(Limits, TestContext.Current.CancellationToken).AsTask();
}
