using Kataven.Errors;
using Kataven.Health;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kataven.Observability;

/// <summary>
/// Serves health and metrics on an address of their own. It is a server apart from the one that serves requests, so that
/// neither can answer in the other's place; it begins before the process is ready and ends after it has drained.
/// </summary>
internal sealed class ManagementServer(
    Readiness readiness, Scrape scrape, BusiestAccounts busiest, IOptions<ManagementOptions> options, ILoggerFactory loggers) : IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary>Where it listens: empty where it does not.</summary>
    public ICollection<string> Urls => _app?.Urls ?? [];

    public async Task StartAsync(CancellationToken cancellation)
    {
        if (options.Value.Urls.Count == 0)
        {
            return;
        }

        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.WebHost.UseUrls([.. options.Value.Urls]);
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>();
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        var isRead = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method);
        return (isRead, context.Request.Path.Value) switch
        {
            (true, HealthAnswers.LivePath) => HealthAnswers.WriteLiveAsync(context),
            (true, HealthAnswers.ReadyPath) => HealthAnswers.WriteReadyAsync(context, readiness),
            (true, Scrape.Path) => WriteMetricsAsync(context),
            (false, HealthAnswers.LivePath or HealthAnswers.ReadyPath or Scrape.Path) => WriteProblemAsync(
                context, Kataven.Errors.ErrorCode.MethodNotAllowed, "This path is read with GET."),
            _ => WriteProblemAsync(context, Kataven.Errors.ErrorCode.NotFound, "There is nothing at this path."),
        };
    }

    private async Task WriteMetricsAsync(HttpContext context)
    {
        await scrape.WriteAsync(context);
        if (context.Response.StatusCode == StatusCodes.Status200OK)
        {
            await context.Response.WriteAsync(busiest.ToText(), context.RequestAborted);
        }
    }

    private static Task WriteProblemAsync(HttpContext context, Kataven.Errors.ErrorCode code, string detail)
    {
        var entry = ErrorCatalogue.Of(code);
        context.Response.StatusCode = entry.Status;
        return context.Response.WriteAsJsonAsync(
            new Dictionary<string, object>
            {
                ["type"] = $"urn:kataven:error:{entry.Code}",
                ["title"] = entry.Title,
                ["status"] = entry.Status,
                ["detail"] = detail,
                ["code"] = entry.Code,
                ["trace_id"] = context.TraceIdentifier,
            },
            options: null,
            "application/problem+json",
            context.RequestAborted);
    }

    /// <summary>It lives as long as its owner says: a signal to stop is the owner's to answer, which drains first.</summary>
    private sealed class OwnersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
