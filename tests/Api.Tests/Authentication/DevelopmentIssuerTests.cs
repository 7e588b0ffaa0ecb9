using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Kataven.Api.Tests.Authentication;

public sealed class DevelopmentIssuerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task<TestFront> StartAsync(TestGrains grains, string environment = "Development", params (string, string)[] settings) =>
        TestFront.StartAsync(environment, services => services.AddSingleton(grains.Factory()), settings);

    private static async Task<HttpResponseMessage> PostAsync(TestFront front, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/dev/token")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await front.Http.SendAsync(request, Cancellation);
    }

    private static async Task<string> TokenAsync(TestFront front, string slug)
    {
        using var answer = await PostAsync(front, $$"""{"account_id":"{{slug}}"}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal("Bearer", body.GetProperty("token_type").GetString());
        Assert.Equal(43_200, body.GetProperty("expires_in").GetInt32());
        return body.GetProperty("access_token").GetString()!;
    }

    private static async Task<string> HomeAsync(TestFront front, string slug) =>
        new JsonWebToken(await TokenAsync(front, slug)).GetClaim("urn:zitadel:iam:user:resourceowner:id").Value;

    private static async Task<(HttpStatusCode Status, string? Code)> RefusalAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return (answer.StatusCode, body.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Its_tokens_are_taken_by_every_front_door_and_by_whoever_reads_its_discovery_document(bool elliptic)
    {
        var grains = elliptic ? TestGrains.Elliptic() : TestGrains.Rsa();
        await using var front = await StartAsync(grains);
        await using var another = await StartAsync(grains);
        foreach (var slug in new[] { "acme", "nowhere", "kataven-admin", new string('a', 63) })
        {
            using var answer = await another.AskAsync(await TokenAsync(front, slug));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var document = await OpenIdConnectConfigurationRetriever.GetAsync(
            $"{front.Http.BaseAddress}.well-known/openid-configuration", new HttpDocumentRetriever { RequireHttps = false }, Cancellation);
        var validated = await new JsonWebTokenHandler().ValidateTokenAsync(await TokenAsync(front, "acme"), new TokenValidationParameters
        {
            ValidIssuer = document.Issuer,
            ValidAudience = "kataven",
            IssuerSigningKeys = document.SigningKeys,
        });
        Assert.True(validated.IsValid);
        Assert.Equal("http://127.0.0.1:5080", document.Issuer);
    }

    [Fact]
    public async Task The_key_set_has_no_private_part()
    {
        foreach (var grains in new[] { TestGrains.Elliptic(), TestGrains.Rsa() })
        {
            await using var front = await StartAsync(grains);
            var keys = await front.Http.GetFromJsonAsync<JsonElement>("/oauth/v2/keys", Cancellation);
            var key = Assert.Single(keys.GetProperty("keys").EnumerateArray());
            Assert.All(["d", "p", "q", "dp", "dq", "qi", "k"], part => Assert.False(key.TryGetProperty(part, out _)));
        }
    }

    [Fact]
    public async Task A_token_carries_Zitadels_claims()
    {
        var grains = TestGrains.Elliptic();
        grains.Bind("acme", "69629023906488334");
        grains.Bind("globex", null);
        await using var front = await StartAsync(grains, settings: ("AdminOrgId", "999"));
        var token = new JsonWebToken(await TokenAsync(front, "acme"));
        Assert.Equal("acme", token.GetClaim("urn:zitadel:iam:user:resourceowner:name").Value);
        Assert.Equal("acme.localhost", token.GetClaim("urn:zitadel:iam:user:resourceowner:primary_domain").Value);
        Assert.Equal(["kataven"], token.Audiences);
        Assert.All(["sub", "jti", "client_id", "iat", "nbf", "exp"], claim => Assert.True(token.TryGetClaim(claim, out _)));

        Assert.Equal("69629023906488334", await HomeAsync(front, "acme"));
        Assert.Equal("999", await HomeAsync(front, "kataven-admin"));
        var stable = await HomeAsync(front, "globex");
        Assert.Matches("^[1-9][0-9]{17}$", stable);
        Assert.Equal(stable, await HomeAsync(front, "globex"));
        Assert.NotEqual(stable, await HomeAsync(front, "nowhere"));
    }

    [Theory]
    [InlineData("""{"account_id":"Acme"}""", "invalid_account")]
    [InlineData("""{"account_id":""}""", "invalid_account")]
    [InlineData("""{"account_id":"acme\n"}""", "invalid_account")]
    [InlineData("""{"account_id":7}""", "invalid_request")]
    [InlineData("""{"account_id":"\ud800"}""", "invalid_request")]
    [InlineData("{}", "invalid_request")]
    [InlineData("[]", "invalid_request")]
    [InlineData("", "invalid_request")]
    [InlineData("{\"account_id\":", "invalid_request")]
    [InlineData("""{"account_id":"acme","lifetime_seconds":0}""", "invalid_request")]
    [InlineData("""{"account_id":"acme","lifetime_seconds":86401}""", "invalid_request")]
    [InlineData("""{"account_id":"acme","lifetime_seconds":"60"}""", "invalid_request")]
    [InlineData("""{"account_id":"acme","lifetime_seconds":1.5}""", "invalid_request")]
    public async Task A_bad_body_is_refused(string body, string code)
    {
        await using var front = await StartAsync(TestGrains.Elliptic());
        Assert.Equal((HttpStatusCode.BadRequest, code), await RefusalAsync(PostAsync(front, body)));
    }

    [Fact]
    public async Task A_lifetime_can_be_asked_for()
    {
        await using var front = await StartAsync(TestGrains.Elliptic());
        using var answer = await PostAsync(front, """{"account_id":"acme","lifetime_seconds":60}""");
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        var token = new JsonWebToken(body.GetProperty("access_token").GetString());
        Assert.Equal(TimeSpan.FromSeconds(60), token.ValidTo - token.IssuedAt);
        Assert.Equal(60, body.GetProperty("expires_in").GetInt32());
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("Forwarded", "for=203.0.113.7")]
    [InlineData("X-Original-For", "127.0.0.1:40000")]
    [InlineData("Host", "rebound.example.com")]
    public async Task A_caller_behind_a_proxy_or_a_strange_name_finds_nothing(string header, string value)
    {
        await using var front = await StartAsync(TestGrains.Elliptic());
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), await RefusalAsync(PostAsync(front, """{"account_id":"acme"}""", (header, value))));
    }

    [Fact]
    public async Task It_is_absent_outside_of_Development_and_where_an_authority_is_configured()
    {
        (string, string)[] authority = [("Authority", "https://auth.example.com"), ("Audience", "1")];
        foreach (var environment in new[] { "Development", "Production", "Staging" })
        {
            await using var front = await StartAsync(TestGrains.Elliptic(), environment, authority);
            using var token = await PostAsync(front, """{"account_id":"acme"}""");
            using var discovery = await front.Http.GetAsync("/.well-known/openid-configuration", Cancellation);
            using var keys = await front.Http.GetAsync("/oauth/v2/keys", Cancellation);
            Assert.All([token, discovery, keys], answer => Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode));
        }
    }

    [Fact]
    public async Task A_new_key_in_the_system_database_is_taken_without_a_restart()
    {
        var grains = TestGrains.Elliptic();
        await using var front = await StartAsync(grains);
        using var first = await front.AskAsync(await TokenAsync(front, "acme"));
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);

        grains.Pem = TestGrains.NewElliptic();
        await using var another = await StartAsync(grains);
        using var second = await front.AskAsync(await TokenAsync(another, "acme"));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
    }

    [Fact]
    public async Task Where_the_registry_cannot_say_no_token_is_made()
    {
        var grains = TestGrains.Elliptic();
        grains.RegistryKnows = false;
        await using var front = await StartAsync(grains);
        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, "database_unavailable"),
            await RefusalAsync(PostAsync(front, """{"account_id":"acme"}""")));
    }

    [Fact]
    public async Task A_grain_that_is_not_there_yet_is_waited_for()
    {
        var grains = TestGrains.Elliptic();
        grains.FailNext(3);
        await using var front = await StartAsync(grains);
        var asked = TokenAsync(front, "acme");
        while (!asked.IsCompleted)
        {
            front.Time.Advance(TimeSpan.FromMilliseconds(200));
            await Task.WhenAny(asked, Task.Delay(10, Cancellation));
        }

        await asked;
    }
}
