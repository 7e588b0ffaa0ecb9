using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Kataven.Testing.Cluster;

/// <summary>Calls of one front door, with a token for each account.</summary>
public sealed class ClusterCalls(Uri address) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    private readonly ConcurrentDictionary<string, string> _tokens = new();

    /// <summary>Its key lies in the system database: a token is good at every front door of the cluster.</summary>
    public async Task<string> TokenAsync(string account)
    {
        if (_tokens.TryGetValue(account, out var token))
        {
            return token;
        }

        using var response = await _http.PostAsJsonAsync("/dev/token", new { account_id = account });
        response.EnsureSuccessStatusCode();
        return _tokens[account] = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    /// <param name="account">Whose token is sent; <c>kataven-admin</c> for the administration.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The path.</param>
    /// <param name="body">Sent as JSON, or null.</param>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<(HttpStatusCode Status, JsonElement Body)> CallAsync(string account, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(account));
        request.Content = body is null ? null : JsonContent.Create(body);
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text));
    }

    public Task<(HttpStatusCode Status, JsonElement Body)> QueryAsync(string account, string sql, bool? readOnly = null) =>
        CallAsync(account, HttpMethod.Post, "/api/query", readOnly is null ? new { sql } : new { sql, read_only = readOnly });

    public void Dispose() => _http.Dispose();
}
