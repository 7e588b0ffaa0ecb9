using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Kataven.Fuzz.Runs;

/// <summary>An account that asks as it should.</summary>
internal sealed class AccountClient(HttpClient http, string account, string token)
{
    public async Task<JsonElement> QueryAsync(string sql)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/query") { Content = JsonContent.Create(new { sql }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("X-Account-ID", account);
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonDocument.Parse(text).RootElement
            : throw new InvalidOperationException($"{account}: {(int)answer.StatusCode} {text}");
    }

    public async Task<JsonElement[][]> RowsAsync(string sql) =>
        [.. (await QueryAsync(sql)).GetProperty("rows").EnumerateArray().Select(row => row.EnumerateArray().ToArray())];
}
