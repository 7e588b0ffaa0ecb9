using System.Net.Http.Headers;
using Kataven.Api.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Api.Tests.Authentication;

/// <summary>A program with one protected route, <c>/who</c>, which answers the caller's subject.</summary>
internal sealed class TestFront : IAsyncDisposable
{
    public const string Audience = "69234237810729000";

    private readonly WebApplication _app;

    private TestFront(WebApplication app)
    {
        _app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Http { get; }

    /// <summary>Turned by hand; it moves the cool-down and the age of the key set, not the lifetime of tokens.</summary>
    public FakeTimeProvider Time { get; private init; } = new();

    public static Task<TestFront> StartAsync(TestIssuer issuer, params (string Name, string Value)[] settings) => StartAsync(
        "Production",
        null,
        [("Authority", issuer.Url), ("Audience", Audience), ("RequireHttpsMetadata", "false"), .. settings]);

    public static async Task<TestFront> StartAsync(
        string environment, Action<IServiceCollection>? configure, params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create($"Kataven:Auth:{setting.Name}", (string?)setting.Value)));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestHeadersTotalSize = 256 * 1024);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddKatavenAuthentication();
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/who", (HttpContext context) => context.TokenClaims().Subject).RequireAuthorization();
        app.MapDevelopmentIssuer();
        await app.StartAsync();
        return new TestFront(app) { Time = time };
    }

    public async Task<HttpResponseMessage> AskAsync(string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/who");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Asks with the header's text as it is.</summary>
    public async Task<HttpResponseMessage> AskWithHeadersAsync(params string[] authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/who");
        foreach (var value in authorization)
        {
            request.Headers.TryAddWithoutValidation("Authorization", value);
        }

        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
