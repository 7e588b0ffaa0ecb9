using System.Diagnostics;
using Kataven.Accounts;
using Kataven.Grains.Cluster;
using Kataven.Grains.Connections.Budget;
using Kataven.Operations;
using Kataven.Tenants;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Kataven.Grains.Tests.Cluster;

/// <summary>What a silo that stood still does with calls that came meanwhile.</summary>
public sealed class WokenSiloFilterTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ConnectionSlots _slots;
    private readonly WokenSiloFilter _filter;

    public WokenSiloFilterTests()
    {
        _slots = new ConnectionSlots(null!, _time);
        _filter = new WokenSiloFilter(new SiloPulse(_slots, Options.Create(new ClusterMembershipOptions { MaxProbeTimeout = TimeSpan.FromSeconds(1), NumMissedProbesLimit = 3 }), _time));
        Hear();
    }

    [Theory]
    [InlineData(typeof(IAccountGrain))]
    [InlineData(typeof(IOperationGrain))]
    public async Task What_changes_an_account_waits_until_the_silo_is_heard(Type called)
    {
        _time.Advance(TimeSpan.FromSeconds(3));
        var call = FakeCall.Of(called);
        var filtered = _filter.Invoke(call);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((false, 0), (filtered.IsCompleted, FakeCall.RunsOf(call)));

        await PassTimeUntilAsync(filtered, Hear);

        await filtered;
        Assert.Equal(1, FakeCall.RunsOf(call));
    }

    [Fact]
    public async Task It_does_not_run_where_nobody_hears_of_the_silo_any_more()
    {
        _time.Advance(TimeSpan.FromSeconds(3));
        var call = FakeCall.Of(typeof(IOperationGrain));
        var filtered = _filter.Invoke(call);

        await PassTimeUntilAsync(filtered, () => { });

        await Assert.ThrowsAsync<SiloUnavailableException>(() => filtered);
        Assert.Equal(0, FakeCall.RunsOf(call));
    }

    [Fact]
    public async Task Nothing_waits_in_a_silo_that_was_heard_lately_and_no_statement_ever_does()
    {
        var change = FakeCall.Of(typeof(IAccountGrain));
        await _filter.Invoke(change);
        _time.Advance(TimeSpan.FromHours(1));
        var statement = FakeCall.Of(typeof(ITenantGrain));
        await _filter.Invoke(statement);

        Assert.Equal((1, 1), (FakeCall.RunsOf(change), FakeCall.RunsOf(statement)));
    }

    private void Hear() => _slots.Take(new LeaseAnswer(0, 0, 1), default, _time.GetTimestamp());

    private async Task PassTimeUntilAsync(Task filtered, Action eachTime)
    {
        for (var begun = Stopwatch.GetTimestamp(); !filtered.IsCompleted && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(30);)
        {
            eachTime();
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }
}
