using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Kataven.Testing.Service;

/// <summary>Tokens of the service's own issuer, each asked for once.</summary>
internal sealed class DevelopmentTokens(HttpClient http)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _tokens = new();

    public Task<string> GetAsync(string account) =>
        _tokens.GetOrAdd(account, name => new Lazy<Task<string>>(() => AskAsync(name))).Value;

    private async Task<string> AskAsync(string account)
    {
        using var response = await http.PostAsJsonAsync("/dev/token", new { account_id = account });
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    /// <summary>Puts the account's token on each request that has none of its own.</summary>
    public sealed class Handler(DevelopmentTokens tokens, string account, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization ??= new AuthenticationHeaderValue("Bearer", await tokens.GetAsync(account));
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
