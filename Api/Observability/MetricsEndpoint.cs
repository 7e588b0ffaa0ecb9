using Kataven.Observability;

namespace Kataven.Api.Observability;

/// <summary><c>GET /metrics</c> on the public address: no account is named there.</summary>
internal static class MetricsEndpoint
{
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    public static IEndpointRouteBuilder MapMetrics(this IEndpointRouteBuilder endpoints)
    {
        var scrape = endpoints.ServiceProvider.GetRequiredService<Scrape>();
        endpoints.MapMethods(Scrape.Path, Reads, (RequestDelegate)scrape.WriteAsync).AllowAnonymous().WithName("Metrics").WithTags("Around");
        return endpoints;
    }
}
