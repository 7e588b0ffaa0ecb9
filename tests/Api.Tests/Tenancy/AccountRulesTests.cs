using Kataven.Api.Authentication;
using Kataven.Api.Tenancy;
using Microsoft.Extensions.Hosting.Internal;

namespace Kataven.Api.Tests.Tenancy;

public sealed class AccountRulesTests
{
    private static AccountRules Of(string environment, AuthOptions options) =>
        AccountRules.Of(options, new HostingEnvironment { EnvironmentName = environment });

    private static TokenClaims HomeIs(string? id, string? name) => new() { Home = new Organisation(id, name, null) };

    [Fact]
    public void Binding_is_required_by_default_outside_of_Development_alone()
    {
        Assert.True(Of("Production", new()).RequireBinding);
        Assert.True(Of("Staging", new()).RequireBinding);
        Assert.False(Of("Development", new()).RequireBinding);
        Assert.False(Of("Production", new() { RequireBinding = false }).RequireBinding);
        Assert.True(Of("Development", new() { RequireBinding = true }).RequireBinding);
    }

    [Theory]
    [InlineData("Production", "9", "9", "Operators", true)]
    [InlineData("Production", "9", "8", "kataven-admin", false)]
    [InlineData("Production", null, "8", "kataven-admin", false)]
    [InlineData("Production", "", "", "kataven-admin", false)]
    [InlineData("Production", null, null, null, false)]
    [InlineData("Development", "9", "9", "Operators", true)]
    [InlineData("Development", "9", "8", "kataven-admin", true)]
    [InlineData("Development", null, "8", "kataven-admin", true)]
    [InlineData("Development", null, "8", "Kataven-Admin", false)]
    [InlineData("Development", null, "8", "acme", false)]
    public void An_administrator_is_known_by_the_id_of_the_home_organisation(
        string environment, string? adminOrgId, string? homeId, string? homeName, bool expected) =>
        Assert.Equal(expected, Of(environment, new() { AdminOrgId = adminOrgId }).IsAdministrator(HomeIs(homeId, homeName)));

    [Fact]
    public void An_organisation_that_was_asked_for_or_granted_makes_no_administrator()
    {
        var admin = new Organisation("9", null, null);
        var claims = new TokenClaims { AskedFor = admin, Granted = [admin], Organisations = [admin] };
        Assert.False(Of("Production", new() { AdminOrgId = "9" }).IsAdministrator(claims));
    }
}
