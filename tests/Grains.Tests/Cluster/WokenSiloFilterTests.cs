using System.Diagnostics;
using Kataven.Accounts;
using Kataven.Cluster;
using Kataven.Errors;
using Kataven.Grains.Cluster;
using Kataven.Operations;
using Kataven.Rollouts;
using Kataven.Tenants;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Kataven.Grains.Tests.Cluster;

/// <summary>What a silo that stood still does with calls that came meanwhile.</summary>
public sealed class WokenSiloFilterTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeMembers _members = new();
    private readonly SiloPulse _pulse;
    private readonly WokenSiloFilter _filter;

    public WokenSiloFilterTests()
    {
        var membership = Options.Create(new ClusterMembershipOptions { MaxProbeTimeout = TimeSpan.FromSeconds(1), NumMissedProbesLimit = 3 });
        _pulse = new SiloPulse(_members, FakeMembers.Silo, membership, _time);
        _filter = new WokenSiloFilter(_pulse, new LostSilos(new FakeMembership()));
    }

    [Theory]
    [InlineData(typeof(IAccountGrain))]
    [InlineData(typeof(IOperationGrain))]
    [InlineData(typeof(IRolloutGrain))]
    [InlineData(typeof(IRolloutBoardGrain))]
    public async Task What_changes_an_account_runs_in_a_silo_that_stood_still_when_its_row_says_that_it_is_a_member(Type called)
    {
        await _filter.Invoke(FakeCall.Of(called));
        _time.Advance(TimeSpan.FromSeconds(3));
        var call = FakeCall.Of(called);
        var (looks, answer) = (_members.Looks, _members.AnswerLater());

        var filtered = _filter.Invoke(call);

        Assert.Equal((false, 0, looks + 1), (filtered.IsCompleted, FakeCall.RunsOf(call), _members.Looks));
        answer.SetResult();
        await filtered;
        Assert.Equal(1, FakeCall.RunsOf(call));
    }

    [Theory]
    [InlineData(SiloStatus.Dead)]
    [InlineData(null)]
    public async Task It_does_not_run_in_a_silo_that_was_declared_dead_meanwhile(SiloStatus? status)
    {
        await _filter.Invoke(FakeCall.Of(typeof(IOperationGrain)));
        _time.Advance(TimeSpan.FromSeconds(3));
        _members.Status = status;
        var call = FakeCall.Of(typeof(IOperationGrain));

        await Assert.ThrowsAsync<SiloUnavailableException>(() => _filter.Invoke(call));
        Assert.Equal(0, FakeCall.RunsOf(call));
    }

    /// <summary>It was read, and then the silo froze before it saw it.</summary>
    [Fact]
    public async Task A_row_that_reaches_the_silo_late_is_read_again()
    {
        var answer = _members.AnswerLater();
        var call = FakeCall.Of(typeof(IOperationGrain));
        var filtered = _filter.Invoke(call);
        _members.Status = SiloStatus.Dead;
        _time.Advance(TimeSpan.FromSeconds(3));

        answer.SetResult();

        await Assert.ThrowsAsync<SiloUnavailableException>(() => filtered);
        Assert.Equal(0, FakeCall.RunsOf(call));
    }

    [Fact]
    public async Task A_table_that_cannot_be_read_once_is_read_again_and_one_that_cannot_be_read_says_why()
    {
        _members.Failures = 1;
        var call = FakeCall.Of(typeof(IOperationGrain));
        await PassTimeUntilAsync(_filter.Invoke(call));
        Assert.Equal(1, FakeCall.RunsOf(call));

        _time.Advance(TimeSpan.FromSeconds(3));
        _members.Failures = int.MaxValue;
        call = FakeCall.Of(typeof(IOperationGrain));
        await Assert.ThrowsAsync<NpgsqlException>(() => PassTimeUntilAsync(_filter.Invoke(call)));
        Assert.Equal(0, FakeCall.RunsOf(call));
    }

    /// <summary>Nobody can be declared dead meanwhile.</summary>
    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task Without_the_table_a_silo_is_counted_on_that_has_not_stood_still_since_it_was_read(int longestStill, bool runs)
    {
        _pulse.Beat();
        await _filter.Invoke(FakeCall.Of(typeof(IOperationGrain)));
        _members.Failures = int.MaxValue;
        foreach (var seconds in (int[])[1, longestStill, 1, 1])
        {
            _time.Advance(TimeSpan.FromSeconds(seconds));
            _pulse.Beat();
        }

        var call = FakeCall.Of(typeof(IOperationGrain));
        var filtered = PassTimeUntilAsync(_filter.Invoke(call));

        await (runs ? filtered : Assert.ThrowsAsync<NpgsqlException>(() => filtered));
        Assert.Equal(runs ? 1 : 0, FakeCall.RunsOf(call));
    }

    [Theory]
    [InlineData(9, 1)]
    [InlineData(10, 0)]
    public async Task While_it_is_known_to_be_away_a_silo_may_stand_still_for_longer(int still, int runs)
    {
        _pulse.Beat();
        await _filter.Invoke(FakeCall.Of(typeof(IOperationGrain)));
        _members.Failures = int.MaxValue;
        _time.Advance(TimeSpan.FromSeconds(2));
        _pulse.Beat();
        _time.Advance(TimeSpan.FromSeconds(1));
        await _filter.Invoke(FakeCall.Of(typeof(IOperationGrain)));
        _time.Advance(TimeSpan.FromSeconds(still - 1));
        _pulse.Beat();

        var call = FakeCall.Of(typeof(IOperationGrain));
        await Record.ExceptionAsync(() => PassTimeUntilAsync(_filter.Invoke(call)));

        Assert.Equal(runs, FakeCall.RunsOf(call));
    }

    [Fact]
    public async Task After_something_was_done_what_was_read_before_does_not_count()
    {
        await _pulse.WhenStillFeltAsync(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _members.Status = SiloStatus.Dead;

        await _pulse.WhenJustFeltAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<SiloUnavailableException>(async () => await _pulse.WhenStillFeltAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_table_that_does_not_answer_is_waited_for_within_limits_and_by_all_callers_together()
    {
        _members.AnswerLater();
        IIncomingGrainCallContext[] calls = [.. Enumerable.Range(0, 3).Select(_ => FakeCall.Of(typeof(IOperationGrain)))];

        var filtered = Array.ConvertAll(calls, call => _filter.Invoke(call));
        Assert.Equal(1, _members.Looks);
        await Assert.ThrowsAsync<NpgsqlException>(() => PassTimeUntilAsync(Task.WhenAll(filtered)));

        Assert.Equal((2, 3), (_members.Looks, filtered.Count(task => task.IsFaulted)));
        Assert.All(calls, call => Assert.Equal(0, FakeCall.RunsOf(call)));
    }

    [Fact]
    public async Task Nothing_waits_in_a_silo_that_has_looked_lately_and_no_statement_ever_does()
    {
        await _filter.Invoke(FakeCall.Of(typeof(IAccountGrain)));
        _members.AnswerLater();
        _time.Advance(TimeSpan.FromSeconds(2));
        var change = FakeCall.Of(typeof(IAccountGrain));
        await _filter.Invoke(change);
        _time.Advance(TimeSpan.FromHours(1));
        var statement = FakeCall.Of(typeof(ITenantGrain));
        await _filter.Invoke(statement);

        Assert.Equal((1, 1), (FakeCall.RunsOf(change), FakeCall.RunsOf(statement)));
    }

    [Fact]
    public async Task What_changes_an_account_and_was_sent_before_a_silo_was_lost_does_not_run()
    {
        var members = new FakeMembership();
        var filter = new WokenSiloFilter(_pulse, new LostSilos(members));
        members.Become(FakeMembers.Silo.SiloAddress, SiloStatus.Active);
        var sent = members.Version;
        members.Become(FakeMembers.Silo.SiloAddress, SiloStatus.Dead);
        var call = FakeCall.Of(typeof(IAccountGrain));

        SenderMembership.Set(sent);
        await Assert.ThrowsAsync<SentEarlierException>(() => filter.Invoke(call));
        Assert.Equal(0, FakeCall.RunsOf(call));

        SenderMembership.Set(members.Version);
        await filter.Invoke(call);
        Assert.Equal(1, FakeCall.RunsOf(call));
        // What the grain calls is sent by its silo.
        Assert.Equal(0, SenderMembership.Take());
    }

    private async Task PassTimeUntilAsync(Task filtered)
    {
        for (var begun = Stopwatch.GetTimestamp(); !filtered.IsCompleted && Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(30);)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        await filtered;
    }
}
