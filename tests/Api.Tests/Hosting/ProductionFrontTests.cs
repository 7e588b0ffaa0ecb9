using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Kataven.Api.Authentication;
using Kataven.Api.Hosting;
using Kataven.Api.Tests.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kataven.Api.Tests.Hosting;

/// <summary>The whole front door as it starts where it is not <c>Development</c>, with an issuer of somebody else's.</summary>
public sealed class ProductionFrontTests : IAsyncLifetime
{
    private readonly TestGrains _grains = TestGrains.Elliptic();
    private TestIssuer _issuer = null!;
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        _app = Build(("Authority", _issuer.Url), ("Audience", TestFront.Audience), ("RequireHttpsMetadata", "false"));
        await _app.StartAsync();
        _http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Theory]
    [InlineData("POST", "/dev/token")]
    [InlineData("GET", "/dev/token")]
    [InlineData("GET", "/.well-known/openid-configuration")]
    [InlineData("GET", "/oauth/v2/keys")]
    public async Task The_development_issuer_is_not_there(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = method == "POST" ? JsonContent.Create(new { account_id = "acme" }) : null,
        };
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(404, (int)answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal("not_found", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_token_of_the_development_key_is_refused_whatever_it_says()
    {
        var signer = DevelopmentSigner.Of(_grains.Pem);
        var payload = _issuer.Payload();
        foreach (var issuer in new[] { _issuer.Url, new AuthOptions().DevelopmentIssuer })
        {
            payload["iss"] = issuer;
            using var answer = await AskAsync(signer.Sign(JsonSerializer.Serialize(payload)));
            Assert.Equal(401, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task An_organisation_that_is_called_like_the_administration_opens_nothing()
    {
        var token = _issuer.Token(("urn:zitadel:iam:user:resourceowner:name", "kataven-admin"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/admin/accounts");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(403, (int)answer.StatusCode);
    }

    [Fact]
    public async Task An_organisation_that_took_an_accounts_name_does_not_act_for_it()
    {
        _grains.Bind("acme", orgId: null);
        using var answer = await AskAsync(_issuer.Token(("urn:zitadel:iam:user:resourceowner:name", "acme")), "acme");
        Assert.Equal(403, (int)answer.StatusCode);
    }

    [Fact]
    public async Task It_does_not_start_without_an_authority()
    {
        var exception = await Assert.ThrowsAnyAsync<OptionsValidationException>(async () =>
        {
            await using var app = Build();
            await app.StartAsync(TestContext.Current.CancellationToken);
        });

        Assert.Contains("Kataven:Auth:Authority", exception.Message, StringComparison.Ordinal);
    }

    private WebApplication Build(params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create($"Kataven:Auth:{setting.Name}", (string?)setting.Value)));
        builder.AddFrontDoor();
        builder.Services.AddSingleton(_grains.Factory());
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapFrontDoor();
        return app;
    }

    private async Task<HttpResponseMessage> AskAsync(string token, string? account = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/query") { Content = JsonContent.Create(new { sql = "select 1" }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (account is not null)
        {
            request.Headers.Add("X-Account-ID", account);
        }

        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
