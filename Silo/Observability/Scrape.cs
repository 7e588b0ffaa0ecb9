using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace Kataven.Observability;

/// <summary>The process's metrics in Prometheus' text form. No account is named in them.</summary>
internal sealed class Scrape(IServiceProvider services)
{
    public const string Path = "/metrics";

    private readonly RequestDelegate _write = new ApplicationBuilder(services)
        .UseOpenTelemetryPrometheusScrapingEndpoint(services.GetRequiredService<MeterProvider>(), _ => true, null, null, null)
        .Build();

    public Task WriteAsync(HttpContext context)
    {
        // The text form alone, whatever else the caller would take: the busiest accounts are written behind it.
        context.Request.Headers.Accept = "text/plain";
        return _write(context);
    }
}
