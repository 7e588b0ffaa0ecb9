using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Kataven.Testing.Service;

/// <summary>An answer that was read to its end.</summary>
public sealed class Reply
{
    private readonly HttpResponseMessage _response;
    private JsonElement? _json;

    private Reply(HttpResponseMessage response, string text) => (_response, Text) = (response, text);

    public int Status => (int)_response.StatusCode;

    public string Text { get; }

    public string? ContentType => _response.Content.Headers.ContentType?.MediaType;

    public HttpResponseHeaders Headers => _response.Headers;

    public HttpContentHeaders ContentHeaders => _response.Content.Headers;

    public JsonElement Json => _json ??= JsonDocument.Parse(Text, new JsonDocumentOptions { MaxDepth = 200 }).RootElement;

    /// <summary>The member <c>code</c> of a problem, or null.</summary>
    public string? Code => Member("code");

    public string? SqlState => Member("sql_state");

    public static async Task<Reply> OfAsync(HttpResponseMessage response) => new(response, await response.Content.ReadAsStringAsync());

    /// <summary>The body of a 200; any other answer fails the test with what it said.</summary>
    public JsonElement Ok() => Status == (int)HttpStatusCode.OK ? Json : throw new InvalidOperationException($"{Status} {Text}");

    public override string ToString() => $"{Status} {Text}";

    private string? Member(string name) =>
        ContentType == "application/problem+json" && Json.TryGetProperty(name, out var value) ? value.GetString() : null;
}
