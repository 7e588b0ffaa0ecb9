using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Kataven.Cli.Http;

/// <summary>An error as the server told it (RFC 9457, and PostgreSQL's own fields).</summary>
internal sealed record Problem(int Status, string Code, string? Detail)
{
    public string? SqlState { get; private init; }

    /// <summary>PostgreSQL's primary message; then <see cref="Detail"/> is PostgreSQL's too.</summary>
    public string? Message { get; private init; }

    public string? Hint { get; private init; }

    /// <summary>Counted in characters from 1.</summary>
    public int? Position { get; private init; }

    /// <summary>The migration that failed.</summary>
    public int? Version { get; private init; }

    public string? TraceId { get; private init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What is no problem document (a proxy's page, an empty body) is told by its status alone.</summary>
    public static Problem Parse(int status, string? reason, string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return From(document.RootElement, status, reason);
        }
        catch (JsonException)
        {
        }

        return new Problem(status, $"http_{status}", reason);
    }

    public static Problem From(JsonElement json, int status, string? reason = null) =>
        new(Number(json, "status") ?? status, Text(json, "code") ?? $"http_{status}", DetailIn(json, reason))
        {
            SqlState = Text(json, "sql_state"),
            Message = Text(json, "message"),
            Hint = Text(json, "hint"),
            Position = Number(json, "position"),
            Version = Number(json, "version"),
            TraceId = Text(json, "trace_id"),
        };

    /// <summary>Beside a message of PostgreSQL's the detail is PostgreSQL's, or none.</summary>
    private static string? DetailIn(JsonElement json, string? reason) =>
        Text(json, "detail") ?? (Text(json, "message") is null ? Text(json, "title") ?? reason : null);

    public static TimeSpan? DelayOf(RetryConditionHeaderValue? header) => header?.Delta;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Number(JsonElement json, string name) =>
        !json.TryGetProperty(name, out var value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number
        : value.ValueKind == JsonValueKind.String && int.TryParse(value.GetString(), CultureInfo.InvariantCulture, out var parsed) ? parsed
        : null;
}
