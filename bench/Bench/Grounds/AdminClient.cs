using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Kataven.Bench.Grounds;

/// <summary>The system administrators' calls to the product.</summary>
internal sealed class AdminClient : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http;

    private AdminClient(HttpClient http) => _http = http;

    public static async Task<AdminClient> OpenAsync(Uri address, CancellationToken cancellation)
    {
        var http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
        try
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await Fleet.TokenAsync(http, "kataven-admin", cancellation));
            return new AdminClient(http);
        }
        catch
        {
            http.Dispose();
            throw;
        }
    }

    public void Dispose() => _http.Dispose();

    /// <exception cref="HttpRequestException">It was refused: with the status and what was said.</exception>
    public async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, "/api/admin/" + path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _http.SendAsync(request, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{method} {path} answered {(int)response.StatusCode}: {text}", null, response.StatusCode);
        }

        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    public Task<JsonElement> PostAsync(string path, object? body, CancellationToken cancellation) => SendAsync(HttpMethod.Post, path, body, cancellation);

    /// <summary>Begins an operation and returns it when it has succeeded.</summary>
    /// <exception cref="InvalidOperationException">It failed, or did not end in time.</exception>
    public async Task<JsonElement> RunAsync(string path, object? body, TimeSpan patience, CancellationToken cancellation)
    {
        var id = (await PostAsync(path, body, cancellation)).GetProperty("operation_id").GetString();
        var operation = await WhenAsync($"operations/{id}", found => StatusOf(found) != "running", Look, patience, cancellation);
        return StatusOf(operation) == "succeeded" ? operation : throw new InvalidOperationException($"{path} came to nothing: {operation}");
    }

    /// <summary>Asks again and again. A service that is just coming back may refuse.</summary>
    /// <exception cref="InvalidOperationException">It did not become so in time.</exception>
    public async Task<JsonElement> WhenAsync(string path, Func<JsonElement, bool> isSo, TimeSpan interval, TimeSpan patience, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(patience);
        var last = "no answer";
        try
        {
            while (true)
            {
                try
                {
                    var found = await SendAsync(HttpMethod.Get, path, null, deadline.Token);
                    if (isSo(found))
                    {
                        return found;
                    }

                    last = found.ToString();
                }
                catch (HttpRequestException refused) when (refused.StatusCode is null or >= HttpStatusCode.InternalServerError)
                {
                    last = refused.Message;
                }

                await Task.Delay(interval, deadline.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new InvalidOperationException($"{path} did not become what it should within {patience}: {last}");
        }
    }

    public static string StatusOf(JsonElement found) => found.GetProperty("status").GetString()!;
}
