using Microsoft.Extensions.Options;

namespace Kataven.Api.Authentication;

/// <summary>The routes of the development issuer: there in <c>Development</c> with no authority configured, and nowhere else.</summary>
internal static class DevelopmentIssuerEndpoints
{
    public static IEndpointRouteBuilder MapDevelopmentIssuer(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var options = services.GetRequiredService<IOptions<AuthOptions>>().Value;
        if (options.UsesDevelopmentIssuer(services.GetRequiredService<IHostEnvironment>()))
        {
            var issuer = services.GetRequiredService<DevelopmentIssuer>();
            endpoints.MapGet("/.well-known/openid-configuration", issuer.Discovery).AllowAnonymous().WithName("Discovery").WithTags("Development");
            endpoints.MapGet(DevelopmentIssuer.KeysPath, issuer.KeysAsync).AllowAnonymous().WithName("Keys").WithTags("Development");
            endpoints.MapPost("/dev/token", issuer.TokenAsync).AllowAnonymous().WithName("DevelopmentToken").WithTags("Development");
        }

        return endpoints;
    }
}
