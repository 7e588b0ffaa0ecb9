using System.Text.Encodings.Web;
using System.Text.Json;
using Scalar.AspNetCore;

namespace Kataven.Api.OpenApi;

/// <summary><c>GET /openapi/v1.json</c>, and the page at <c>/docs</c> to read and to try it.</summary>
internal static class OpenApiEndpoints
{
    public const string DocumentPath = "/openapi/v1.json";

    /// <summary>Whatever the page's script would ask another host for, fonts and telemetry for two, stays unasked.</summary>
    private const string OwnHostOnly =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; " +
        "connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>After every other route: it describes those that are mapped.</summary>
    public static WebApplication MapOpenApi(this WebApplication app)
    {
        // Made when it is first asked for: only then is every route there.
        var document = new Lazy<byte[]>(() => JsonSerializer.SerializeToUtf8Bytes(
            ApiDocument.Build(((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints)), Readable));
        app.MapGet(DocumentPath, () => TypedResults.Bytes(document.Value, "application/json")).AllowAnonymous().ExcludeFromDescription();
        app.MapGroup("").AddEndpointFilter(async (context, next) =>
        {
            context.HttpContext.Response.Headers.ContentSecurityPolicy = OwnHostOnly;
            return await next(context);
        }).MapScalarApiReference("/docs", page => page
            .WithTitle("Kataven")
            .WithOpenApiRoutePattern(DocumentPath)
            .DisableDefaultFonts()
            .DisableTelemetry()
            .HideDeveloperTools()
            .AddPreferredSecuritySchemes("bearer")
            .DisableAgent()
            .DisableMcp()).AllowAnonymous().ExcludeFromDescription();
        return app;
    }
}
