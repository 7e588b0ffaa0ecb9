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

/// <summary>What the last line of a stream says of one whose tenant does not answer any more, or knows it no more.</summary>
public sealed class LostStreamTests
{
    private static readonly QueryOptions Writes = QueryOptions.Default;
    private static readonly QueryOptions Reads = new() { ReadOnly = true };

    public static TheoryData<string> Losses { get; } = ["silo", "time", "addressing", "members", "rejected"];

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task A_stream_whose_silo_is_lost_may_have_written_unless_it_only_reads(string loss)
    {
        Assert.Equal(ErrorCode.OutcomeUnknown, (await NextAsync(Writes, () => throw Of(loss))).Refusal?.Code);
        Assert.Equal(ErrorCode.OutcomeUnknown, (await NextAsync(new QueryOptions { ReadOnly = false }, () => throw Of(loss))).Refusal?.Code);
        Assert.Equal(ErrorCode.DatabaseUnavailable, (await NextAsync(Reads, () => throw Of(loss))).Refusal?.Code);
    }

    [Fact]
    public async Task So_may_one_that_the_accounts_activation_knows_no_more()
    {
        var gone = StreamPart.Refused(Refusal.Of(ErrorCode.QueryCancelled, "The stream has ended."));

        Assert.Equal(ErrorCode.OutcomeUnknown, (await NextAsync(Writes, () => gone)).Refusal?.Code);
        Assert.Equal(ErrorCode.QueryCancelled, (await NextAsync(Reads, () => gone)).Refusal?.Code);
    }

    [Theory]
    [InlineData(ErrorCode.QueryCancelled)]
    [InlineData(ErrorCode.QueryTimeout)]
    [InlineData(ErrorCode.SqlError)]
    public async Task What_PostgreSQL_has_said_of_its_statement_is_told(ErrorCode code)
    {
        var refusal = Refusal.Of(code, "It said so.") with { Sql = new SqlError { SqlState = "57014", Message = "canceling statement due to user request" } };

        Assert.Same(refusal, (await NextAsync(Writes, () => StreamPart.Refused(refusal))).Refusal);
    }

    [Fact]
    public async Task A_call_that_its_client_gave_up_is_nobodys_answer()
    {
        var (client, context) = Of(() => throw new OperationCanceledException());
        context.RequestAborted = new CancellationToken(canceled: true);

        await Assert.ThrowsAsync<OperationCanceledException>(() => client.NextPartAsync(context, Guid.NewGuid(), Writes));
    }

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task To_close_one_that_is_lost_is_no_error(string loss)
    {
        var asked = 0;
        var (client, context) = Of(() => throw (asked++ == 0 ? Of(loss) : new InvalidOperationException("Once is enough.")));

        await client.CloseStreamAsync(context, Guid.NewGuid());

        Assert.Equal(1, asked);
    }

    private static Exception Of(string loss) => loss switch
    {
        "silo" => new SiloUnavailableException(),
        "time" => new TimeoutException(),
        "addressing" => new OperationCanceledException(),
        "members" => new DatabaseUnavailableException(),
        _ => new GatewayTooBusyException(),
    };

    private static Task<StreamPart> NextAsync(QueryOptions options, Func<StreamPart> end)
    {
        var (client, context) = Of(end);
        return client.NextPartAsync(context, Guid.NewGuid(), options);
    }

    private static (TenantClient Client, DefaultHttpContext Context) Of(Func<object> end)
    {
        var (grains, _) = ScriptedTenant.Of(end);
        var time = new ImpatientTime();
        var calls = new GrainCalls(grains, new KnownMembers(), Options.Create(new RequestOptions()), time);
        var registry = new Registry(calls, Options.Create(new RegistryOptions()), time);
        var gate = new AccountGate(
            registry, Options.Create(new AuthOptions()), new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { EnvironmentName = Environments.Production });
        var context = new DefaultHttpContext();
        context.Features.Set(new RequestAccount(new AccountEntry(AccountId.Parse("acme"), AccountStatus.Active, null, 1)));
        return (new TenantClient(calls, new TenantReferences(calls, grains), gate, registry), context);
    }
}
