using Kataven.Health;

namespace Kataven.Api.Health;

/// <summary><c>GET /health/live</c> and <c>/health/ready</c>, for whoever sends requests here.</summary>
internal static class HealthEndpoints
{
    private static readonly string[] Reads = [HttpMethods.Get, HttpMethods.Head];

    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var readiness = endpoints.ServiceProvider.GetRequiredService<Readiness>();
        var routes = endpoints.MapGroup("").AllowAnonymous().WithTags("Around");
        routes.MapMethods(HealthAnswers.LivePath, Reads, (RequestDelegate)HealthAnswers.WriteLiveAsync).WithName("Live");
        routes.MapMethods(HealthAnswers.ReadyPath, Reads, (RequestDelegate)(context => HealthAnswers.WriteReadyAsync(context, readiness))).WithName("Ready");
        return endpoints;
    }
}
