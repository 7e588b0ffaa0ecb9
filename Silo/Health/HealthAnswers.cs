using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Kataven.Health;

/// <summary>
/// The answers of <c>/health/live</c> and <c>/health/ready</c>, for machines that look at the status alone and people who read on:
/// <c>{"status":"degraded","away":["system_database"]}</c>.
/// </summary>
internal static class HealthAnswers
{
    public const string LivePath = "/health/live";

    public const string ReadyPath = "/health/ready";

    public static Task WriteLiveAsync(HttpContext context) => WriteAsync(context, StatusCodes.Status200OK, "live", []);

    public static async Task WriteReadyAsync(HttpContext context, Readiness readiness)
    {
        var report = await readiness.AskAsync();
        if (!report.IsReady)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        await WriteAsync(
            context, report.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, report.Status, report.Away);
    }

    private static async Task WriteAsync(HttpContext context, int status, string word, IReadOnlyCollection<string> away)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", word);
        if (away.Count > 0)
        {
            json.WriteStartArray("away");
            foreach (var name in away)
            {
                json.WriteStringValue(name);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
