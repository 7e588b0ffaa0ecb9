using Kataven.Accounts;
using Kataven.Api.Authentication;
using Kataven.Api.Tenancy;
using Kataven.Api.Tests.Authentication;
using Kataven.Queries;
using Kataven.Tenants;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ErrorCode = Kataven.Errors.ErrorCode;

namespace Kataven.Api.Tests.Tenancy;

/// <summary>A request whose account was changed while it waited, or deleted and made anew under the same slug.</summary>
public sealed class SuccessorTests
{
    private static readonly Guid Uid = Guid.NewGuid();

    [Fact]
    public async Task An_account_that_was_changed_is_asked_again()
    {
        var (answer, requests) = await AskAsync(Uid);

        Assert.Equal((AnswerKind.Done, 2), (answer.Kind, requests.Count));
    }

    /// <summary>It is one request of the account's, whose rate may be used up by those that waited for the same.</summary>
    [Fact]
    public async Task Whoever_is_asked_again_is_told_that_the_request_was_counted()
    {
        var (_, requests) = await AskAsync(Uid);

        Assert.Equal([false, true], requests.Select(request => request.IsCounted));
    }

    [Fact]
    public async Task Another_account_that_has_the_slug_by_then_never_sees_the_request()
    {
        var (answer, requests) = await AskAsync(Guid.NewGuid());

        Assert.Equal((ErrorCode.InvalidAccount, 1), (answer.Refusal?.Code, requests.Count));
    }

    /// <summary>While versions are side by side: an old silo tells no id.</summary>
    [Fact]
    public async Task One_whose_id_a_silo_does_not_tell_is_taken_for_the_same()
    {
        var (answer, requests) = await AskAsync(Guid.Empty);

        Assert.Equal((AnswerKind.Done, 2), (answer.Kind, requests.Count));
    }

    /// <param name="found">The id of whoever has the slug when the front door looks again.</param>
    private static async Task<(Answer Answer, List<QueryRequest> Requests)> AskAsync(Guid found)
    {
        var (_, tenant) = ScriptedTenant.Of(() => Answer.Stale, () => Answer.Done(new byte[] { 1 }));
        var accounts = TestGrains.Elliptic();
        accounts.Bind("acme", "1", found);
        var grains = GrainsByKind.Of((typeof(ITenantGrain), tenant), (typeof(IAccountRegistryGrain), accounts));
        var time = new ImpatientTime();
        var calls = new GrainCalls(grains, new KnownMembers(), Options.Create(new RequestOptions()), time);
        var registry = new Registry(calls, Options.Create(new RegistryOptions()), time);
        var gate = new AccountGate(
            registry, Options.Create(new AuthOptions()), new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { EnvironmentName = Environments.Production });
        var client = new TenantClient(calls, new TenantReferences(calls, grains), gate, registry);
        var context = new DefaultHttpContext();
        context.Request.Headers[AccountHeader.Name] = "acme";
        context.Features.Set(new TokenClaims { Home = new Organisation("1", null, null), Organisations = [new Organisation("1", null, null)] });
        context.Features.Set(new RequestAccount(new AccountEntry(AccountId.Parse("acme"), AccountStatus.Active, "1", 1, Uid)));
        var answer = await client.QueryAsync(context, new Statement("insert into item values (1)", []), QueryOptions.Default);
        return (answer, [.. tenant.Requests.Cast<QueryRequest>()]);
    }
}
