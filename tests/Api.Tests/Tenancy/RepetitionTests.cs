using Kataven.Accounts;
using Kataven.Api.Authentication;
using Kataven.Api.Tenancy;
using Kataven.Errors;
using Kataven.Queries;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using ErrorCode = Kataven.Errors.ErrorCode;

namespace Kataven.Api.Tests.Tenancy;

/// <summary>What the front door sends again after a silo or a connection was lost, and what it says where it got no answer.</summary>
public sealed class RepetitionTests
{
    private static readonly QueryOptions Plain = QueryOptions.Default;
    private static readonly QueryOptions Reads = new() { ReadOnly = true };
    private static readonly QueryOptions Keyed = new() { IdempotencyKey = "k" };

    private readonly ImpatientTime _time = new();

    public static TheoryData<string> Losses { get; } = ["silo", "time", "outcome", "unavailable"];

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task A_write_with_a_key_is_sent_again_whatever_was_lost(string loss)
    {
        var (answer, calls) = await AskAsync(Keyed, Lose(loss), Lose("silo"), Done);
        Assert.Equal((AnswerKind.Done, 3), (answer.Kind, calls));
    }

    [Theory]
    [InlineData("silo")]
    [InlineData("time")]
    [InlineData("outcome")]
    public async Task One_without_a_key_is_not(string loss)
    {
        var (answer, calls) = await AskAsync(Plain, Lose(loss), Done);
        Assert.Equal((ErrorCode.OutcomeUnknown, 1), (answer.Refusal!.Code, calls));
    }

    [Fact]
    public async Task What_only_reads_is_sent_again_and_its_outcome_is_never_unknown()
    {
        Assert.Equal(AnswerKind.Done, (await AskAsync(Reads, Lose("silo"), Lose("unavailable"), Done)).Answer.Kind);
        Assert.Equal(ErrorCode.DatabaseUnavailable, (await AskAsync(Reads, Lose("silo"))).Answer.Refusal!.Code);
    }

    [Fact]
    public async Task What_has_run_for_minutes_is_sent_again_as_any_other_when_its_silo_dies()
    {
        var (answer, calls) = await AskAsync(Reads, RunFor(TimeSpan.FromMinutes(10)), RunFor(TimeSpan.FromMinutes(10)), Done);
        Assert.Equal((AnswerKind.Done, 3), (answer.Kind, calls));
    }

    [Fact]
    public async Task What_takes_its_silo_down_each_time_is_not_sent_for_ever()
    {
        var (answer, calls) = await AskAsync(Reads, RunFor(TimeSpan.FromMinutes(1)));
        Assert.Equal((ErrorCode.DatabaseUnavailable, 7), (answer.Refusal!.Code, calls));
    }

    [Fact]
    public async Task What_could_not_be_addressed_because_a_silo_had_to_look_at_the_members_has_reached_no_tenant_and_is_sent_again()
    {
        Assert.Equal(AnswerKind.Done, (await AskAsync(Reads, Lose("members"), Done)).Answer.Kind);
        Assert.Equal(AnswerKind.Done, (await AskAsync(Keyed, Lose("members"), Done)).Answer.Kind);
        Assert.Equal(AnswerKind.Done, (await AskAsync("select 1", QueryOptions.Default, Lose("members"), Done)).Answer.Kind);
        Assert.Equal(AnswerKind.Done, (await AskAsync(Plain, Lose("members"), Done)).Answer.Kind);
        Assert.Equal(ErrorCode.DatabaseUnavailable, (await AskAsync(Plain, Lose("members"))).Answer.Refusal!.Code);

        var (answer, calls) = await AskAsync(Plain, Lose("members"), Lose("silo"), Done);
        Assert.Equal((ErrorCode.OutcomeUnknown, 2), (answer.Refusal!.Code, calls));
    }

    /// <summary>That a later try did not run says nothing of the one before, which may have written.</summary>
    [Theory]
    [InlineData(ErrorCode.Overloaded)]
    [InlineData(ErrorCode.AccountHeld)]
    [InlineData(ErrorCode.RateLimited)]
    [InlineData(ErrorCode.DatabaseUnavailable)]
    public async Task An_outcome_that_is_unknown_stays_so_where_later_tries_did_not_run(ErrorCode later)
    {
        var (answer, _) = await AskAsync(Keyed, Lose("silo"), () => Answer.Refused(Refusal.Of(later, "It did not run.") with { DidNotRun = true }));
        Assert.Equal(ErrorCode.OutcomeUnknown, answer.Refusal!.Code);
    }

    [Theory]
    [InlineData(ErrorCode.SqlError)]
    [InlineData(ErrorCode.IdempotencyConflict)]
    public async Task One_that_was_decided_by_its_key_or_failed_tells_that_the_one_before_had_not_happened(ErrorCode later)
    {
        var (answer, calls) = await AskAsync(Keyed, Lose("silo"), () => Answer.Refused(Refusal.Of(later, "It failed.")));
        Assert.Equal((later, 2), (answer.Refusal!.Code, calls));
    }

    [Fact]
    public async Task What_stays_so_until_somebody_sets_it_right_is_told_at_once()
    {
        var (answer, calls) = await AskAsync(Reads, () => Answer.Refused(Refusal.Of(ErrorCode.DatabaseUnavailable, "The key is another.") with { DidNotRun = true, IsLasting = true }), Done);
        Assert.Equal((ErrorCode.DatabaseUnavailable, 1), (answer.Refusal!.Code, calls));
    }

    [Fact]
    public async Task What_went_beyond_its_time_with_an_unknown_outcome_is_not_given_more()
    {
        var (answer, calls) = await AskAsync(
            Keyed, () => Answer.Refused(Refusal.Of(ErrorCode.OutcomeUnknown, "PostgreSQL did not answer in time.") with { IsLasting = true }), Done);
        Assert.Equal((ErrorCode.OutcomeUnknown, 1), (answer.Refusal!.Code, calls));
    }

    [Fact]
    public async Task It_is_not_tried_for_ever()
    {
        var (answer, calls) = await AskAsync(Keyed, Lose("silo"));
        Assert.Equal(ErrorCode.OutcomeUnknown, answer.Refusal!.Code);
        Assert.InRange(calls, 2, 500);
    }

    private static Answer Done() => Answer.Done(new byte[] { 1 });

    private Func<Answer> RunFor(TimeSpan time) => () =>
    {
        _time.Pass(time);
        throw new SiloUnavailableException();
    };

    private static Func<Answer> Lose(string loss) => loss switch
    {
        "silo" => () => throw new SiloUnavailableException(),
        "time" => () => throw new TimeoutException(),
        "addressing" => () => throw new OperationCanceledException(),
        "members" => () => throw new DatabaseUnavailableException(),
        "outcome" => () => Answer.Refused(Refusal.Of(ErrorCode.OutcomeUnknown, "The connection was lost.")),
        _ => () => Answer.Refused(Refusal.Of(ErrorCode.DatabaseUnavailable, "The connection was lost.")),
    };

    [Theory]
    [InlineData("silo")]
    [InlineData("time")]
    [InlineData("addressing")]
    [InlineData("outcome")]
    public async Task One_that_begins_as_a_read_is_sent_once_more_to_the_silo_that_can_tell(string loss)
    {
        var (answer, calls) = await AskAsync("  SELECT 1", QueryOptions.Default, Lose(loss), Done);
        Assert.Equal((AnswerKind.Done, 2), (answer.Kind, calls));

        (answer, calls) = await AskAsync("with a as (select 1) table a", QueryOptions.Default, Lose(loss), Lose("outcome"));
        Assert.Equal((ErrorCode.OutcomeUnknown, 2), (answer.Refusal!.Code, calls));
    }

    [Theory]
    [InlineData("insert into item values (1)", null)]
    [InlineData("call f()", null)]
    [InlineData("select 1", false)]
    public async Task One_that_may_write_is_not(string sql, bool? readOnly)
    {
        var (answer, calls) = await AskAsync(sql, new QueryOptions { ReadOnly = readOnly }, Lose("silo"), Done);
        Assert.Equal((ErrorCode.OutcomeUnknown, 1), (answer.Refusal!.Code, calls));
    }

    [Fact]
    public async Task A_write_that_a_silo_takes_for_one_from_before_a_loss_is_sent_again_with_what_it_has_to_know()
    {
        var members = new ScriptedMembers(version: 4);
        var refused = Answer.Refused(Refusal.Of(ErrorCode.DatabaseUnavailable, "A silo was lost.") with { DidNotRun = true, Members = 7 });
        var (answer, tenant) = await SendAsync(members, "insert into item values (1)", Plain, () => refused, Done);

        Assert.Equal(AnswerKind.Done, answer.Kind);
        Assert.Equal([4, 7], tenant.Requests.Cast<QueryRequest>().Select(request => request.Members));
    }

    private Task<(Answer Answer, int Calls)> AskAsync(QueryOptions options, params Func<Answer>[] ends) =>
        AskAsync("insert into item values (1)", options, ends);

    private async Task<(Answer Answer, int Calls)> AskAsync(string sql, QueryOptions options, params Func<Answer>[] ends)
    {
        var (answer, tenant) = await SendAsync(null, sql, options, ends);
        return (answer, tenant.Calls);
    }

    private async Task<(Answer Answer, ScriptedTenant Tenant)> SendAsync(
        IClusterMembershipService? members, string sql, QueryOptions options, params Func<Answer>[] ends)
    {
        var (grains, tenant) = ScriptedTenant.Of(ends);
        var calls = new GrainCalls(grains, new KnownMembers(members), Options.Create(new RequestOptions()), _time);
        var registry = new Registry(calls, Options.Create(new RegistryOptions()), _time);
        var gate = new AccountGate(
            registry, Options.Create(new AuthOptions()), new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { EnvironmentName = Environments.Production });
        var client = new TenantClient(calls, new TenantReferences(calls, grains), gate, registry);
        var context = new DefaultHttpContext();
        context.Features.Set(new RequestAccount(new AccountEntry(AccountId.Parse("acme"), AccountStatus.Active, null, 1)));
        var answer = await client.QueryAsync(context, new Statement(sql, []), options);
        return (answer, tenant);
    }
}
