using Kataven.Api.Errors;
using Kataven.Api.Tenancy;
using Kataven.Api.Tests.Authentication;
using Kataven.Errors;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using ErrorCode = Kataven.Errors.ErrorCode;

namespace Kataven.Api.Tests.Tenancy;

/// <summary>Which calls of the administration are made again, and what is told where none is answered.</summary>
public sealed class GrainCallsTests
{
    private readonly GrainCalls _calls = new(TestGrains.Elliptic().Factory(), new KnownMembers(), Options.Create(new RequestOptions()), new ImpatientTime());

    private int _made;

    public static TheoryData<string> Losses { get; } = ["silo", "time", "addressing", "database"];

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task A_change_that_can_be_made_twice_is_made_again(string loss)
    {
        Assert.Equal("done", await ChangeAsync(loss, loss, "done"));
        Assert.Equal(3, _made);
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task One_that_is_never_answered_may_have_happened(string loss)
    {
        var unanswered = await Assert.ThrowsAsync<UnansweredCall>(() => ChangeAsync(loss));
        Assert.Equal(ErrorCode.OutcomeUnknown, unanswered.Refusal.Code);
        Assert.InRange(_made, 2, 500);
    }

    [Fact]
    public async Task One_that_reached_no_grain_has_not_happened()
    {
        var unanswered = await Assert.ThrowsAsync<UnansweredCall>(() => ChangeAsync("busy"));
        Assert.Equal(ErrorCode.DatabaseUnavailable, unanswered.Refusal.Code);
        Assert.InRange(_made, 2, 500);
    }

    [Fact]
    public async Task One_that_may_have_happened_once_may_have_although_later_tries_reached_no_grain()
    {
        var unanswered = await Assert.ThrowsAsync<UnansweredCall>(() => ChangeAsync("silo", "busy"));
        Assert.Equal(ErrorCode.OutcomeUnknown, unanswered.Refusal.Code);
    }

    [Theory]
    [InlineData("silo", "settled")]
    [InlineData("busy", "refused")]
    public async Task An_answer_is_looked_into_where_a_try_before_it_may_have_run(string loss, string expected) => Assert.Equal(
        expected,
        await _calls.ChangeAsync(Find, _ => Make([loss, "refused"]), _ => Task.FromResult("settled"), TestContext.Current.CancellationToken));

    [Fact]
    public async Task Nothing_is_made_again_for_a_caller_that_has_gone()
    {
        using var request = new CancellationTokenSource();
        await request.CancelAsync();

        var unanswered = await Assert.ThrowsAsync<UnansweredCall>(() => _calls.ChangeAsync(Find, _ => Make(["silo", "done"]), request.Token));

        Assert.Equal((ErrorCode.OutcomeUnknown, 1), (unanswered.Refusal.Code, _made));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task A_question_is_asked_again_and_leaves_nothing_done(string loss)
    {
        Assert.Equal("done", await _calls.AskAsync(Find, _ => Make([loss, loss, "done"]), TestContext.Current.CancellationToken));
        var unanswered = await Assert.ThrowsAsync<UnansweredCall>(() => _calls.AskAsync(Find, _ => Make([loss]), TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.DatabaseUnavailable, unanswered.Refusal.Code);
    }

    [Fact]
    public async Task One_after_a_change_leaves_it_done()
    {
        var unanswered = await Assert.ThrowsAsync<UnansweredCall>(() => _calls.AskAfterChangeAsync(Find, _ => Make(["busy"])));
        Assert.Equal(ErrorCode.OutcomeUnknown, unanswered.Refusal.Code);
    }

    [Fact]
    public async Task What_must_not_happen_twice_is_made_again_only_where_it_reached_no_grain()
    {
        Assert.Equal("done", await _calls.ChangeOnceAsync(Find, _ => Make(["busy", "done"]), TestContext.Current.CancellationToken));
        Assert.Equal(2, _made);

        _made = 0;
        await Assert.ThrowsAsync<SiloUnavailableException>(
            () => _calls.ChangeOnceAsync(Find, _ => Make(["silo", "done"]), TestContext.Current.CancellationToken));
        Assert.Equal(1, _made);
    }

    private static object Find(IGrainFactory grains) => grains;

    private Task<string> ChangeAsync(params string[] ends) => _calls.ChangeAsync(Find, _ => Make(ends), TestContext.Current.CancellationToken);

    /// <summary>The calls end one after the other as it says; the last goes on for ever.</summary>
    private Task<string> Make(string[] ends) => ends[Math.Min(_made++, ends.Length - 1)] switch
    {
        "silo" => Task.FromException<string>(new SiloUnavailableException()),
        "time" => Task.FromException<string>(new TimeoutException()),
        "addressing" => Task.FromException<string>(new OperationCanceledException()),
        "database" => Task.FromException<string>(new DatabaseUnavailableException()),
        "busy" => Task.FromException<string>(new GatewayTooBusyException()),
        var answer => Task.FromResult(answer),
    };
}
