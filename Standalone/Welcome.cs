using System.Net.Http.Json;
using System.Text.Json;

namespace Kataven.Standalone;

/// <summary>What a newcomer is told when everything runs.</summary>
internal static class Welcome
{
    public static async Task<string> TextAsync(string address, bool hasIssuer, CancellationToken cancellation)
    {
        if (!hasIssuer)
        {
            return $"Kataven listens on {address}";
        }

        using var http = new HttpClient { BaseAddress = new Uri(address) };
        using var response = await http.PostAsJsonAsync("/dev/token", new { account_id = "acme" }, cancellation);
        response.EnsureSuccessStatusCode();
        var token = (await response.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("access_token").GetString();
        return $$"""

            Kataven listens on {{address}}

            A token for the account acme:

            {{token}}

            Ask acme's database:

            curl -s {{address}}/api/query -H 'Authorization: Bearer {{token}}' -H 'X-Account-ID: acme' -H 'Content-Type: application/json' -d '{"sql": "select id, name from item where id = $1", "params": [7]}'

            Ctrl-C stops everything.

            """;
    }
}
