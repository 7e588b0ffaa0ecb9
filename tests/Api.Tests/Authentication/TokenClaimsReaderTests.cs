using System.Text.Json;
using Kataven.Api.Authentication;

namespace Kataven.Api.Tests.Authentication;

public sealed class TokenClaimsReaderTests
{
    private static TokenClaims Read(string json, string? projectId = null)
    {
        using var payload = JsonDocument.Parse(json);
        return TokenClaimsReader.Read(payload.RootElement, projectId);
    }

    [Fact]
    public void A_token_of_Zitadel_is_read_whole()
    {
        var claims = Read(
            """
            {"sub":"69629026806489455",
             "urn:zitadel:iam:user:resourceowner:id":"1","urn:zitadel:iam:user:resourceowner:name":"ACME",
             "urn:zitadel:iam:user:resourceowner:primary_domain":"acme.example.com",
             "urn:zitadel:iam:org:id":"2",
             "urn:zitadel:iam:org:project:roles":{"admin":{"2":"b.example.com"},"reader":{"2":"b.example.com","3":"c.example.com"}}}
            """);
        Assert.Equal("69629026806489455", claims.Subject);
        Assert.Equal(new Organisation("1", "ACME", "acme.example.com"), claims.Home);
        Assert.Equal(new Organisation("2", null, "b.example.com"), claims.AskedFor);
        Assert.Equal([new("2", null, "b.example.com"), new("3", null, "c.example.com")], claims.Granted);
        Assert.Equal(["2", "1", "3"], claims.Organisations.Select(organisation => organisation.Id));
    }

    [Fact]
    public void The_home_organisation_keeps_its_name_where_it_is_asked_for_or_granted_too()
    {
        var claims = Read(
            """
            {"urn:zitadel:iam:user:resourceowner:id":"1","urn:zitadel:iam:user:resourceowner:name":"acme",
             "urn:zitadel:iam:org:id":"1","urn:zitadel:iam:org:project:roles":{"admin":{"1":"other.example.com"}}}
            """);
        var home = new Organisation("1", "acme", null);
        Assert.Equal(home, claims.AskedFor);
        Assert.Equal([home], claims.Granted);
        Assert.Equal([home], claims.Organisations);
    }

    [Fact]
    public void Roles_may_be_a_list_of_objects()
    {
        var claims = Read("""{"urn:zitadel:iam:org:project:roles":[{"admin":{"2":"b.example.com"}},{"reader":{"3":"c.example.com"}},"junk",4]}""");
        Assert.Equal(["2", "3"], claims.Granted.Select(organisation => organisation.Id));
    }

    [Fact]
    public void With_a_project_only_its_own_roles_count_and_without_one_only_those_of_the_asking_project()
    {
        const string Payload =
            """
            {"urn:zitadel:iam:org:project:roles":{"admin":{"1":"a.example"}},
             "urn:zitadel:iam:org:project:77:roles":{"admin":{"2":"b.example"}},
             "urn:zitadel:iam:org:project:88:roles":{"admin":{"3":"c.example"}}}
            """;
        Assert.Equal(["2"], Read(Payload, "77").Granted.Select(organisation => organisation.Id));
        Assert.Equal(["1"], Read(Payload).Granted.Select(organisation => organisation.Id));
        Assert.Empty(Read(Payload, "99").Granted);
    }

    [Fact]
    public void Claims_outside_of_Zitadels_namespace_do_not_count()
    {
        var claims = Read("""{"org_id":"1","account_id":"acme","roles":{"admin":{"1":"acme"}},"resourceowner":"acme","name":"acme","org":{"id":"1"}}""");
        Assert.Empty(claims.Organisations);
        Assert.Null(claims.Home);
        Assert.Null(claims.AskedFor);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"sub":7}""")]
    [InlineData("""{"urn:zitadel:iam:user:resourceowner:id":69629023906488334}""")]
    [InlineData("""{"urn:zitadel:iam:user:resourceowner:id":null,"urn:zitadel:iam:user:resourceowner:name":["acme"]}""")]
    [InlineData("""{"urn:zitadel:iam:user:resourceowner:name":""}""")]
    [InlineData("""{"urn:zitadel:iam:user:resourceowner:name":"\ud800"}""")]
    [InlineData("""{"urn:zitadel:iam:org:id":7}""")]
    [InlineData("""{"urn:zitadel:iam:org:id":{}}""")]
    [InlineData("""{"urn:zitadel:iam:org:project:roles":null}""")]
    [InlineData("""{"urn:zitadel:iam:org:project:roles":"admin"}""")]
    [InlineData("""{"urn:zitadel:iam:org:project:roles":["admin"]}""")]
    [InlineData("""{"urn:zitadel:iam:org:project:roles":[[{"admin":{"1":"a"}}]]}""")]
    [InlineData("""{"urn:zitadel:iam:org:project:roles":{"admin":"1"}}""")]
    [InlineData("""{"urn:zitadel:iam:org:project:roles":{"admin":["1"]}}""")]
    [InlineData("""{"urn:zitadel:iam:org:project:roles":{"admin":{"1":2,"3":null,"4":{},"":"a"}}}""")]
    [InlineData("""{"urn:zitadel:iam:org:project:roles":{"admin":{"\ud800":"a"}}}""")]
    [InlineData("""{"\ud800":"a"}""")]
    public void Junk_names_no_organisation_and_is_no_error(string json) => Assert.Empty(Read(json).Organisations);
}
