using System.Text.Json;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Transactions;

/// <summary>The calls of interactive transactions.</summary>
internal static class TransactionCalls
{
    public static Task<Reply> TryBeginAsync(this ServiceFixture service, string account, object? body = null) =>
        service.Client(account).PostAsync("/api/transactions", body);

    /// <summary>The id of a transaction that was begun.</summary>
    public static async Task<string> BeginAsync(this ServiceFixture service, string account, object? body = null)
    {
        var reply = await service.TryBeginAsync(account, body);
        Assert.True(reply.Status == 201, reply.ToString());
        return reply.Json.GetProperty("transaction_id").GetString()!;
    }

    public static Task<Reply> TryQueryInAsync(this ServiceFixture service, string account, string id, string sql, params object?[] parameters) =>
        service.Client(account).PostAsync($"/api/transactions/{id}/query", new { sql, @params = parameters });

    public static async Task<JsonElement> QueryInAsync(this ServiceFixture service, string account, string id, string sql, params object?[] parameters) =>
        (await service.TryQueryInAsync(account, id, sql, parameters)).Ok();

    public static async Task<JsonElement> ScalarInAsync(this ServiceFixture service, string account, string id, string sql, params object?[] parameters) =>
        (await service.QueryInAsync(account, id, sql, parameters)).GetProperty("rows")[0][0];

    public static Task<Reply> CommitAsync(this ServiceFixture service, string account, string id) =>
        service.Client(account).CallAsync(HttpMethod.Put, $"/api/transactions/{id}/commit");

    public static Task<Reply> RollBackAsync(this ServiceFixture service, string account, string id) =>
        service.Client(account).CallAsync(HttpMethod.Delete, $"/api/transactions/{id}");

    /// <summary>That nobody else has locked the table.</summary>
    public static async Task AssertNotLockedAsync(this ServiceFixture service, string account, string table) => (await service.Client(account).PostAsync(
        "/api/transaction", new { statements = new[] { new { sql = $"lock table {table} in access exclusive mode nowait" } } })).Ok();

    /// <summary>That it has ended, whatever is asked of it.</summary>
    public static async Task AssertLostAsync(this ServiceFixture service, string account, string id, string? why = null)
    {
        Reply[] replies =
        [
            await service.TryQueryInAsync(account, id, "select 1"),
            await service.CommitAsync(account, id),
            await service.RollBackAsync(account, id),
        ];
        foreach (var reply in replies)
        {
            AssertLost(reply, why);
        }
    }

    public static void AssertLost(Reply reply, string? why = null)
    {
        Assert.True((reply.Status, reply.Code) == (410, "transaction_lost"), reply.ToString());
        Assert.Contains(why ?? "", reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Sessions of the account in PostgreSQL that have a transaction open.</summary>
    public static Task<long> OpenSessionsAsync(this ServiceFixture service, string account) => service.SystemScalarAsync<long>(
        "select count(*) from pg_stat_activity where datname = $1 and application_name = 'kataven' and xact_start is not null", account);
}
