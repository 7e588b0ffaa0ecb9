using Kataven.Grains.Transactions;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Transactions;

public sealed class TransactionLeaseTests
{
    private static readonly TransactionOptions Options = new() { IdleLease = TimeSpan.FromSeconds(30), MaxDuration = TimeSpan.FromMinutes(5) };

    private readonly FakeTimeProvider _time = new();
    private readonly List<TransactionEnd> _ends = [];

    [Fact]
    public void It_is_over_so_long_after_the_last_call_ended()
    {
        using var lease = Begin();
        _time.Advance(TimeSpan.FromSeconds(29));
        lease.Enter();
        _time.Advance(TimeSpan.FromSeconds(60));
        lease.Leave();
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Empty(_ends);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([TransactionEnd.LeaseOver], _ends);
    }

    [Fact]
    public void While_one_of_several_calls_runs_it_is_not_over()
    {
        using var lease = Begin();
        lease.Enter();
        lease.Enter();
        lease.Leave();
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(_ends);

        lease.Leave();
        _time.Advance(Options.IdleLease);

        Assert.Equal([TransactionEnd.LeaseOver], _ends);
    }

    [Fact]
    public void All_its_time_is_over_whatever_runs()
    {
        using var lease = Begin();
        lease.Enter();

        _time.Advance(Options.MaxDuration);

        Assert.Equal([TransactionEnd.DurationOver], _ends);
    }

    [Fact]
    public void It_tells_when_it_ends_unless_a_call_comes()
    {
        using var lease = Begin();
        var begun = _time.GetUtcNow();
        Assert.Equal(begun.AddSeconds(30), lease.ExpiresAt);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(begun.AddSeconds(30), lease.ExpiresAt);
        lease.Enter();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(begun.AddSeconds(50), lease.ExpiresAt);
        _time.Advance(TimeSpan.FromMinutes(4.5));
        lease.Leave();

        Assert.Equal(begun.AddMinutes(5), lease.ExpiresAt);
    }

    [Fact]
    public void One_that_was_disposed_of_ends_nothing_more()
    {
        var lease = Begin();
        lease.Enter();
        lease.Dispose();
        lease.Leave();

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Empty(_ends);
    }

    private TransactionLease Begin() => new(Options, _time, _ends.Add);
}
