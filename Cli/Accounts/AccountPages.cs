using System.Globalization;
using System.Text.Json;
using Kataven.Cli.Http;

namespace Kataven.Cli.Accounts;

/// <summary>The server's list of accounts, which comes in pages.</summary>
internal sealed class AccountPages(KatavenClient client)
{
    public const int Largest = 500;

    /// <summary>One page, as the server wrote it.</summary>
    public async Task<string> ReadAsync(string? status, string? query, string? after, int? limit, CancellationToken cancellationToken)
    {
        var text = QueryString.Of(
            ("status", status),
            ("q", query),
            ("after", after),
            ("limit", limit?.ToString(CultureInfo.InvariantCulture)));
        using var response = await client.AdminAsync(HttpMethod.Get, "/accounts" + text, null, cancellationToken);
        return await KatavenClient.ReadAsync(response, cancellationToken);
    }

    /// <summary>Every page, one after the other.</summary>
    public async Task<List<JsonElement>> ReadAllAsync(
        string? status, string? query, string? after, int? limit, CancellationToken cancellationToken)
    {
        var accounts = new List<JsonElement>();
        do
        {
            using var page = JsonDocument.Parse(await ReadAsync(status, query, after, limit ?? Largest, cancellationToken));
            accounts.AddRange(AccountsIn(page.RootElement).EnumerateArray().Select(static account => account.Clone()));
            after = Next(page.RootElement, after);
        }
        while (after is not null);

        return accounts;
    }

    private static JsonElement AccountsIn(JsonElement page) =>
        page.ValueKind == JsonValueKind.Object && page.TryGetProperty("accounts", out var list) && list.ValueKind == JsonValueKind.Array
            ? list
            : throw new JsonException();

    private static string? Next(JsonElement page, string? after)
    {
        var next = page.TryGetProperty("next", out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
        return next is not null && next == after
            ? throw new CliFailure(ExitCode.Unavailable, $"The server's list does not move on after '{after}'.")
            : next;
    }
}
