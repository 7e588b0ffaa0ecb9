using Kataven.Errors;
using Kataven.Grains.Tenants;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Tenants;

/// <summary>A request counts against the account's rate when it comes, not when the operation that it waited for is over.</summary>
public sealed class HeldRateTests
{
    private const int PerSecond = 2;

    private readonly FakeTimeProvider _time = new();
    private readonly Guid _holder = Guid.NewGuid();

    [Fact]
    public async Task More_of_those_who_waited_than_may_come_in_a_second_go_on_together()
    {
        var pool = HeldPool.Of(_time, HeldPool.Row(1, requestsPerSecond: PerSecond));
        pool.TryHold(_holder, TimeSpan.FromHours(1), keepsLanes: true);
        var waiting = Wait(pool);

        pool.Release(_holder);

        Assert.All(await Task.WhenAll(waiting), admission => Assert.True(admission.IsAdmitted, admission.Refusal?.Detail));
        Assert.Equal(ErrorCode.RateLimited, pool.Enter(1).Refusal?.Code);
    }

    [Fact]
    public async Task In_the_next_activation_those_who_waited_are_not_counted_once_more()
    {
        var row = HeldPool.Row(1, requestsPerSecond: PerSecond);
        var (pool, next) = (HeldPool.Of(_time, row), HeldPool.Of(_time, row));
        pool.TryHold(_holder, TimeSpan.FromHours(1));
        var waiting = Wait(pool);
        pool.Release(_holder);
        Assert.All(await Task.WhenAll(waiting), admission => Assert.True(admission.IsStale));

        for (var i = 0; i < waiting.Count; i++)
        {
            Assert.True((await next.EnterAsync(1, 0, isCounted: true, TestContext.Current.CancellationToken)).IsAdmitted);
        }

        Assert.True(next.Enter(1).IsAdmitted);
        Assert.True(next.Enter(1).IsAdmitted);
        Assert.Equal(ErrorCode.RateLimited, next.Enter(1).Refusal?.Code);
    }

    [Fact]
    public void Whoever_comes_to_an_activation_that_goes_is_counted_there()
    {
        var pool = HeldPool.Of(_time, HeldPool.Row(1, requestsPerSecond: PerSecond));
        pool.BreakOff();
        Assert.True(pool.Enter(1).IsStale);
        Assert.True(pool.Enter(1).IsStale);

        Assert.Equal(ErrorCode.RateLimited, pool.Enter(1).Refusal?.Code);

        Assert.True(pool.Enter(1, isCounted: true).IsStale);
        Assert.True(pool.Enter(1, isEnd: true).IsStale);
    }

    [Fact]
    public void Above_the_rate_nobody_waits()
    {
        var pool = HeldPool.Of(_time, HeldPool.Row(1, requestsPerSecond: PerSecond));
        pool.TryHold(_holder, TimeSpan.FromHours(1));
        Wait(pool);

        Assert.Equal(ErrorCode.RateLimited, pool.Enter(1).Refusal?.Code);
    }

    /// <summary>As many as may come in three seconds, and no time is left for a fourth.</summary>
    private List<Task<Admission>> Wait(TenantPool pool)
    {
        var waiting = new List<Task<Admission>>();
        for (var second = 0; second < 3; second++)
        {
            if (second > 0)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
            }

            for (var i = 0; i < PerSecond; i++)
            {
                waiting.Add(pool.EnterAsync(1, 0, isCounted: false, TestContext.Current.CancellationToken).AsTask());
            }
        }

        Assert.All(waiting, request => Assert.False(request.IsCompleted));
        return waiting;
    }
}
