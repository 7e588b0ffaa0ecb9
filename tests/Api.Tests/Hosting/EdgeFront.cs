using Kataven.Api.Authentication;
using Kataven.Api.Errors;
using Kataven.Api.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kataven.Api.Tests.Hosting;

/// <summary>The outermost of a front door: proxies, errors, other origins; with <c>/caller</c>, which answers where a request comes from.</summary>
internal sealed class EdgeFront : IAsyncDisposable
{
    private readonly WebApplication _app;

    private EdgeFront(WebApplication app)
    {
        _app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Http { get; }

    public static async Task<EdgeFront> StartAsync(params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        builder.Services.AddKnownProxies();
        builder.Services.AddCrossOrigin();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.UseKnownProxies();
        app.UseProblemDetails();
        app.UseCrossOrigin();
        app.UseRouting();
        app.MapGet("/caller", (HttpContext context) =>
            $"{context.Connection.RemoteIpAddress} {context.Request.Scheme} {context.Request.Host.Host} {(LocalCaller.IsLocal(context) ? "local" : "remote")}");
        app.MapGet("/broken", string () => throw new InvalidOperationException());
        await app.StartAsync();
        return new EdgeFront(app);
    }

    public async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
    }
}
