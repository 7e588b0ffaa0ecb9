using System.Globalization;
using System.Text.Json;
using Kataven.Cli.Arguments;
using Kataven.Cli.Http;

namespace Kataven.Cli.Accounts;

/// <summary>The server's list of accounts, which comes in pages.</summary>
internal sealed class AccountPages(KatavenClient client)
{
    public const int Largest = 500;

    /// <summary>One page, as the server wrote it.</summary>
    public Task<string> ReadAsync(AccountFilter filter, string? after, int? limit, CancellationToken cancellationToken) =>
        client.AdminTextAsync(
            HttpMethod.Get, "/accounts" + filter.Page(after, limit?.ToString(CultureInfo.InvariantCulture)), null, cancellationToken);

    /// <summary>Every page, one after the other.</summary>
    public async Task<List<JsonElement>> ReadAllAsync(
        AccountFilter filter, string? after, int? limit, CancellationToken cancellationToken)
    {
        var accounts = new List<JsonElement>();
        do
        {
            using var page = JsonDocument.Parse(await ReadAsync(filter, after, limit ?? Largest, cancellationToken));
            accounts.AddRange(AccountsIn(page.RootElement).EnumerateArray().Select(static account => account.Clone()));
            after = Next(page.RootElement, after);
        }
        while (after is not null);

        return accounts;
    }

    /// <summary>An account's slug, which becomes part of a path.</summary>
    public static string SlugOf(JsonElement account) =>
        account.ValueKind == JsonValueKind.Object
        && account.TryGetProperty("account_id", out var id)
        && id.ValueKind == JsonValueKind.String
        && id.GetString() is { } slug
        && AccountArgument.IsSlug(slug)
            ? slug
            : throw new JsonException();

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
