using Kataven.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Kataven.Api.Hosting;

/// <summary>Answers to browsers whose page is of another origin. Tokens are sent in a header, so no cookies are allowed.</summary>
internal static class CrossOrigin
{
    private static readonly string[] Allowed =
        [HeaderNames.Authorization, HeaderNames.ContentType, Tenancy.AccountHeader.Name, Queries.IdempotencyKey.Name, HeaderNames.Accept];

    private static readonly string[] Exposed =
        [HeaderNames.RetryAfter, HeaderNames.Location, Queries.IdempotencyKey.ReplayedName, Transactions.TransactionsEndpoints.ExpiresAt, HeaderNames.WWWAuthenticate];

    private static readonly string[] Methods =
        [HttpMethods.Get, HttpMethods.Post, HttpMethods.Put, HttpMethods.Patch, HttpMethods.Delete];

    private static readonly TimeSpan PreflightAge = TimeSpan.FromMinutes(10);

    public static IServiceCollection AddCrossOrigin(this IServiceCollection services)
    {
        services.AddOptions<CorsSettings>().ValidateOnStart().Configure<IConfiguration>((options, configuration) =>
            options.Origins = configuration.ReadList(CorsSettings.Setting) ?? []);
        services.AddSingleton<IValidateOptions<CorsSettings>, CorsSettingsValidator>();
        services.AddCors();
        return services;
    }

    /// <summary>Before routing and all checks, so that a refusal can be read by the page, and a preflight needs no token.</summary>
    public static WebApplication UseCrossOrigin(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<CorsSettings>>().Value.Origins is { Count: > 0 } origins)
        {
            app.UseCors(policy => policy
                .WithOrigins([.. origins])
                .WithMethods(Methods)
                .WithHeaders(Allowed)
                .WithExposedHeaders(Exposed)
                .SetPreflightMaxAge(PreflightAge));
        }

        return app;
    }
}
