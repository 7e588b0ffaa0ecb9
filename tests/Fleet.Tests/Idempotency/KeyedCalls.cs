using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Idempotency;

/// <summary>Calls with an <c>Idempotency-Key</c>, and what tests of them look at.</summary>
internal static class KeyedCalls
{
    public static string NewKey() => Guid.NewGuid().ToString();

    public static Task<Reply> PostOnceAsync(this ServiceFixture service, string account, string key, object body) =>
        service.Client(account).CallAsync(HttpMethod.Post, "/api/query", body, ("Idempotency-Key", key));

    public static Task<Reply> QueryOnceAsync(this ServiceFixture service, string account, string key, string sql) =>
        service.PostOnceAsync(account, key, new { sql });

    public static Task<Reply> TransactionOnceAsync(this ServiceFixture service, string account, string key, object body) =>
        service.Client(account).CallAsync(HttpMethod.Post, "/api/transaction", body, ("Idempotency-Key", key));

    /// <summary>What the header of a repeat says.</summary>
    public static string? Replayed(this Reply reply) => reply.Headers.TryGetValues("Idempotency-Replayed", out var values) ? string.Join(',', values) : null;

    /// <summary>An account with the table <c>item (id serial, name text)</c>.</summary>
    public static async Task<string> NewWithItemsAsync(this ServiceFixture service, string prefix)
    {
        var account = await service.NewAccountAsync(prefix);
        await service.QueryAsync(account, "create table item (id int generated always as identity primary key, name text unique)");
        return account;
    }

    public static async Task<int> ItemsAsync(this ServiceFixture service, string account) =>
        (await service.ScalarAsync(account, "select count(*)::int from item")).GetInt32();

    public static async Task<int> KeysAsync(this ServiceFixture service, string account) =>
        (await service.ScalarAsync(account, "select count(*)::int from _kataven.idempotency")).GetInt32();
}
