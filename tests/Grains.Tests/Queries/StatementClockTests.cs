using Kataven.Grains.Queries;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Queries;

public sealed class StatementClockTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void The_first_reason_is_the_one_that_counts()
    {
        using var caller = new CancellationTokenSource();
        using var clock = new StatementClock(TimeSpan.FromSeconds(1), _time, caller.Token, CancellationToken.None);

        _time.Advance(TimeSpan.FromSeconds(1));
        caller.Cancel();

        Assert.Equal(EndReason.TimeLimit, clock.Reason);
        Assert.True(clock.Token.IsCancellationRequested);
    }

    [Fact]
    public void An_account_that_is_stopped_is_a_reason()
    {
        using var stop = new CancellationTokenSource();
        using var clock = new StatementClock(TimeSpan.FromSeconds(1), _time, CancellationToken.None, stop.Token);

        stop.Cancel();

        Assert.Equal(EndReason.AccountStopped, clock.Reason);
    }

    [Fact]
    public void Time_that_the_client_takes_does_not_count()
    {
        using var clock = new StatementClock(TimeSpan.FromSeconds(2), _time, CancellationToken.None, CancellationToken.None);

        _time.Advance(TimeSpan.FromSeconds(1));
        clock.Pause();
        _time.Advance(TimeSpan.FromMinutes(1));
        clock.Continue();
        Assert.Equal(EndReason.None, clock.Reason);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(EndReason.TimeLimit, clock.Reason);
    }

    [Fact]
    public void Whoever_ends_it_late_does_no_harm()
    {
        var clock = new StatementClock(TimeSpan.FromSeconds(1), _time, CancellationToken.None, CancellationToken.None);
        clock.Dispose();

        clock.End(EndReason.TimeLimit);

        Assert.Equal(EndReason.TimeLimit, clock.Reason);
    }
}
