using System.Text.Json;
using Kataven.Api.Authentication;
using Kataven.Api.Tenancy;
using Kataven.Api.Tests.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ErrorCode = Kataven.Errors.ErrorCode;

namespace Kataven.Api.Tests.Tenancy;

/// <summary>What the gate asks, and in which order: by that alone could an outsider tell by the clock whether an account exists.</summary>
public sealed class AccountGateTests
{
    private readonly TestGrains _grains = TestGrains.Elliptic();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_unknown_account_and_a_foreign_one_cost_the_same_questions_and_get_the_same_answer(bool requireBinding)
    {
        _grains.Bind("foreign", "9");
        _grains.Bind("mine", "1");
        var gate = Gate(requireBinding);
        // The foreign one has just been used by those who own it.
        await DecideAsync(gate, "foreign", "9");

        var foreign = await DecideAsync(gate, "foreign", "1");
        var unknown = await DecideAsync(gate, "unknown", "1");

        Assert.Equal(foreign.Asked, unknown.Asked);
        Assert.Contains("fresh", foreign.Asked);
        Assert.Equal(ErrorCode.AccountForbidden, foreign.Refusal);
        Assert.Equal(ErrorCode.AccountForbidden, unknown.Refusal);
    }

    [Fact]
    public async Task Where_the_table_cannot_be_asked_the_two_are_alike_as_well()
    {
        _grains.Bind("foreign", "9");
        var gate = Gate(requireBinding: true);
        _grains.TableAnswers = false;

        Assert.Equal(ErrorCode.DatabaseUnavailable, (await DecideAsync(gate, "foreign", "1")).Refusal);
        Assert.Equal(ErrorCode.DatabaseUnavailable, (await DecideAsync(gate, "unknown", "1")).Refusal);
    }

    [Fact]
    public async Task Ones_own_account_is_never_asked_of_the_table()
    {
        _grains.Bind("mine", "1");
        var gate = Gate(requireBinding: true);

        Assert.DoesNotContain("fresh", (await DecideAsync(gate, "mine", "1")).Asked);
        Assert.Empty((await DecideAsync(gate, "mine", "1")).Asked);
    }

    [Fact]
    public async Task An_account_that_was_bound_this_moment_is_served()
    {
        _grains.Bind("mine", "1");
        var gate = Gate(requireBinding: true);
        // Known to the table, and not yet to what looks accounts up by their organisation.
        _grains.BindUnseen("new", "1");

        Assert.Null((await DecideAsync(gate, "new", "1")).Refusal);
    }

    private AccountGate Gate(bool requireBinding) => new(
        new Registry(new GrainCalls(_grains.Factory(), new KnownMembers(), Options.Create(new RequestOptions()), TimeProvider.System), Options.Create(new RegistryOptions()), TimeProvider.System),
        Options.Create(new AuthOptions { RequireBinding = requireBinding }),
        new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { EnvironmentName = Environments.Production });

    private async Task<(ErrorCode? Refusal, IReadOnlyList<string> Asked)> DecideAsync(AccountGate gate, string slug, string organisation)
    {
        var context = new DefaultHttpContext();
        context.Request.Headers[AccountHeader.Name] = slug;
        using var claims = JsonDocument.Parse($$"""{"urn:zitadel:iam:user:resourceowner:id":"{{organisation}}","urn:zitadel:iam:user:resourceowner:name":"Somebody"}""");
        context.Features.Set(TokenClaimsReader.Read(claims.RootElement, null));
        _grains.Asked.Clear();
        var verdict = await gate.DecideAsync(context);
        return (verdict.Refusal?.Code, [.. _grains.Asked]);
    }
}
