using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Grains.Tenants;
using Kataven.Grains.Tests.Connections;
using Kataven.Grains.Tests.Connections.Budget;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Tenants;

public sealed class TenantPoolTests
{
    private static readonly AccountId Acme = AccountId.Parse("acme");
    private static readonly TimeSpan IdleAfter = TimeSpan.FromMinutes(5);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void It_retires_when_its_time_has_come_since_its_last_request_ended()
    {
        var pool = Pool(Row(1));
        _time.Advance(IdleAfter - TimeSpan.FromSeconds(1));
        Assert.True(pool.Enter(1).IsAdmitted);
        _time.Advance(2 * IdleAfter);
        Assert.False(pool.TryRetire(IdleAfter, out var left));
        Assert.Equal(IdleAfter, left);
        pool.Leave();
        _time.Advance(IdleAfter - TimeSpan.FromSeconds(1));
        Assert.False(pool.TryRetire(IdleAfter, out left));
        Assert.Equal(TimeSpan.FromSeconds(1), left);

        _time.Advance(left);

        Assert.True(pool.TryRetire(IdleAfter, out _));
        Assert.True(pool.Enter(1).IsStale);
    }

    [Fact]
    public void Who_decided_by_an_older_row_has_to_look_again()
    {
        var pool = Pool(Row(2));

        Assert.True(pool.Enter(1).IsStale);
        Assert.True(pool.Enter(2).IsAdmitted);
        Assert.True(pool.Enter(3).IsAdmitted);
    }

    [Fact]
    public void Who_knows_a_newer_row_than_the_one_that_refuses_has_to_come_again()
    {
        var pool = Pool(Row(2, AccountStatus.Suspended));

        Assert.Equal(ErrorCode.AccountInactive, pool.Enter(1).Refusal?.Code);
        Assert.Equal(ErrorCode.AccountInactive, pool.Enter(2).Refusal?.Code);
        Assert.Equal(ErrorCode.AccountInactive, pool.Enter(TenantPool.AnyVersion).Refusal?.Code);
        Assert.True(pool.Enter(3).IsStale);
        pool.Apply(Row(3));
        Assert.True(pool.Enter(3).IsAdmitted);
    }

    [Fact]
    public void A_suspension_cancels_what_runs_and_says_so_once()
    {
        var pool = Pool(Row(1));
        var stopped = 0;
        pool.Stopped += () => stopped++;
        var running = pool.Stopping;

        pool.Apply(Row(2, AccountStatus.Suspended));
        pool.Apply(Row(3, AccountStatus.Suspended));

        Assert.True(SpinWait.SpinUntil(() => running.IsCancellationRequested, TimeSpan.FromSeconds(10)));
        Assert.Equal(1, stopped);
        Assert.Equal(AccountStatus.Suspended, pool.Refusal?.AccountStatus);
    }

    [Fact]
    public void An_older_row_changes_nothing()
    {
        var pool = Pool(Row(2, maxLanes: 3));

        pool.Apply(Row(1, AccountStatus.Suspended));

        Assert.Null(pool.Refusal);
        Assert.Equal(3, pool.Limits.MaxLanes);
    }

    [Fact]
    public async Task What_is_broken_off_lets_nobody_in_whatever_the_row_says_later()
    {
        var pool = Pool(Row(1));
        var running = pool.Stopping;

        await pool.DisposeAsync();
        pool.Apply(Row(2));

        Assert.True(SpinWait.SpinUntil(() => running.IsCancellationRequested, TimeSpan.FromSeconds(10)));
        Assert.True(pool.Enter(2).IsStale);
        Assert.NotNull((await pool.RentAsync(TestContext.Current.CancellationToken)).Refusal);
    }

    [Fact]
    public void A_rate_holds_one_second_of_requests_and_says_when_to_come_again()
    {
        var pool = Pool(Row(1, requestsPerSecond: 2));
        Assert.True(pool.Enter(1).IsAdmitted);
        Assert.True(pool.Enter(1).IsAdmitted);

        var refusal = pool.Enter(1).Refusal;

        Assert.Equal(ErrorCode.RateLimited, refusal?.Code);
        Assert.Equal(1, refusal?.RetryAfterSeconds);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(pool.Enter(1).IsAdmitted);
    }

    [Fact]
    public void What_is_under_way_counts_against_the_rate_and_its_end_does_not()
    {
        var pool = Pool(Row(1, requestsPerSecond: 2));
        Assert.True(pool.Enter(1).IsAdmitted);
        Assert.True(pool.Enter(1, isUnderWay: true).IsAdmitted);

        Assert.Equal(ErrorCode.RateLimited, pool.Enter(1, isUnderWay: true).Refusal?.Code);

        Assert.True(pool.Enter(1, isEnd: true).IsAdmitted);
        // It has not taken from what comes next either.
        _time.Advance(TimeSpan.FromMilliseconds(500));
        Assert.True(pool.Enter(1, isUnderWay: true).IsAdmitted);
        Assert.Equal(ErrorCode.RateLimited, pool.Enter(1).Refusal?.Code);
    }

    [Fact]
    public void An_end_is_let_in_where_requests_take_too_much_memory()
    {
        var pool = Pool(Row(1, maxLanes: 1));
        Assert.True(pool.Enter(1, 2 * new TenantLimits().MaxRequestBytes).IsAdmitted);
        Assert.Equal(ErrorCode.Overloaded, pool.Enter(1, isUnderWay: true).Refusal?.Code);

        Assert.True(pool.Enter(1, isEnd: true).IsAdmitted);
    }

    [Fact]
    public void As_many_requests_as_there_are_lanes_are_let_in_whatever_their_size()
    {
        var pool = Pool(Row(1, maxLanes: 3));
        var limit = new TenantLimits().MaxRequestBytes;
        for (var i = 0; i < 3; i++)
        {
            Assert.True(pool.Enter(1, limit).IsAdmitted);
        }

        Assert.Equal(ErrorCode.Overloaded, pool.Enter(1, 1).Refusal?.Code);
    }

    [Fact]
    public void Requests_that_take_too_much_memory_together_are_refused_and_one_alone_is_not()
    {
        var pool = Pool(Row(1, maxLanes: 1));
        var limit = new TenantLimits().MaxRequestBytes;
        Assert.True(pool.Enter(1, 2 * limit).IsAdmitted);
        Assert.Equal(ErrorCode.Overloaded, pool.Enter(1, 1).Refusal?.Code);
        pool.Leave(2 * limit);
        Assert.True(pool.Enter(1, limit - 1).IsAdmitted);
        Assert.True(pool.Enter(1, 1).IsAdmitted);

        Assert.Contains("Kataven:Tenants:Limits:MaxRequestBytes", pool.Enter(1, 1).Refusal?.Detail, StringComparison.Ordinal);
        pool.Leave(1);
        Assert.True(pool.Enter(1, 1).IsAdmitted);
    }

    private TenantPool Pool(AccountRow row) => new(Acme, row, new TenantLimits(), new FakeLanes(), new FakeSlots(), new FakeGroups(), _time);

    private static AccountRow Row(long version, AccountStatus status = AccountStatus.Active, int? maxLanes = null, int? requestsPerSecond = null) => new(
        new Account
        {
            Id = Acme,
            Name = "Acme",
            Status = status,
            Limits = new AccountLimits { MaxLanes = maxLanes, RequestsPerSecond = requestsPerSecond },
            CreatedAt = default,
            Version = version,
        },
        HasDatabase: true);
}
