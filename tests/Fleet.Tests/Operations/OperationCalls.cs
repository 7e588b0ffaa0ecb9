using System.Text.Json;
using Kataven.Testing;
using Kataven.Testing.Service;
using Npgsql;

namespace Kataven.Fleet.Tests.Operations;

/// <summary>The routes of operations, as the tests call them.</summary>
internal static class OperationCalls
{
    private static readonly TimeSpan AtMost = Promised.Within(seconds: 40);

    public static Task<Reply> AskAsync(this ServiceFixture service, string method, string path, object? body = null) =>
        service.AdminClient().CallAsync(new HttpMethod(method), "/api/admin" + path, body);

    public static async Task<JsonElement> GetAsync(this ServiceFixture service, string path) => (await service.AskAsync("GET", path)).Ok();

    /// <summary>Begins an operation, and returns its id.</summary>
    public static async Task<string> BeginAsync(this ServiceFixture service, string path, object? body = null, string method = "POST")
    {
        var reply = await service.AskAsync(method, path, body);
        Assert.True(reply.Status == 202, reply.ToString());
        var id = reply.Json.GetProperty("operation_id").GetString()!;
        Assert.Equal($"/api/admin/operations/{id}", reply.Headers.Location?.OriginalString);
        return id;
    }

    /// <summary>The operation when it has ended, however.</summary>
    public static async Task<JsonElement> EndAsync(this ServiceFixture service, string id)
    {
        JsonElement operation = default;
        await Eventually.Async(
            async () => (operation = await service.GetAsync($"/operations/{id}")).GetProperty("status").GetString() != "running",
            AtMost,
            $"operation {id} ends");
        return operation;
    }

    /// <summary>Begins an operation, and returns it when it has succeeded.</summary>
    public static async Task<JsonElement> SucceedAsync(this ServiceFixture service, string path, object? body = null, string method = "POST") =>
        await service.SucceededAsync(await service.BeginAsync(path, body, method));

    public static async Task<JsonElement> SucceededAsync(this ServiceFixture service, string id)
    {
        var ended = await service.EndAsync(id);
        Assert.True(ended.GetProperty("status").GetString() == "succeeded", ended.GetRawText());
        Assert.Equal(1, ended.GetProperty("progress").GetDouble());
        Assert.Equal(JsonValueKind.Null, ended.GetProperty("problem").ValueKind);
        return ended;
    }

    /// <summary>The problem of an operation that fails.</summary>
    public static async Task<JsonElement> FailAsync(this ServiceFixture service, string path, object? body = null, string method = "POST")
    {
        var ended = await service.EndAsync(await service.BeginAsync(path, body, method));
        Assert.True(ended.GetProperty("status").GetString() == "failed", ended.GetRawText());
        Assert.Equal(JsonValueKind.Null, ended.GetProperty("result").ValueKind);
        return ended.GetProperty("problem");
    }

    /// <summary>A complete backup's id.</summary>
    public static async Task<string> BackUpAsync(this ServiceFixture service, string account) =>
        (await service.SucceedAsync($"/accounts/{account}/backups")).GetProperty("result").GetProperty("backup_id").GetString()!;

    public static Task<Reply> MigrateAsync(this ServiceFixture service, string account, object? body = null) =>
        service.AskAsync("POST", $"/accounts/{account}/migrations", body);

    public static async Task<int> VersionAsync(this ServiceFixture service, string account) =>
        (await service.GetAsync($"/accounts/{account}/migrations")).GetProperty("version").GetInt32();

    public static async Task AddItemsAsync(this ServiceFixture service, string account, params string[] names)
    {
        foreach (var name in names)
        {
            await service.QueryAsync(account, "insert into item (id, name) select coalesce(max(id), 0) + 1, $1 from item", name);
        }
    }

    /// <summary>The names of the account's items, by their ids.</summary>
    public static async Task<string> ItemsAsync(this ServiceFixture service, string account) =>
        (await service.ScalarAsync(account, "select coalesce(string_agg(name, ' ' order by id), '') from item")).GetString()!;

    /// <summary>Keeps the account's third migration waiting until this is disposed of.</summary>
    public static async Task<IAsyncDisposable> KeepWaitingAsync(this ServiceFixture service, string account)
    {
        var connection = await service.OpenInAsync(account);
        await using var command = new NpgsqlCommand("BEGIN; LOCK TABLE pace IN SHARE MODE", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>The account's pool, or null.</summary>
    public static async Task<JsonElement?> PoolAsync(this ServiceFixture service, string account) =>
        (await service.GetAsync("/pools")).GetProperty("pools").EnumerateArray()
            .Where(pool => pool.GetProperty("account_id").GetString() == account).Select(pool => (JsonElement?)pool).FirstOrDefault();

    /// <summary>Returns when the account is held, and so many requests wait for its end.</summary>
    public static Task HeldAsync(this ServiceFixture service, string account, int waiting = 0) => Eventually.Async(
        async () => await service.PoolAsync(account) is { } pool
            && pool.GetProperty("state").GetString() == "held" && pool.GetProperty("waiting").GetInt32() >= waiting,
        Promised.Within(seconds: 5),
        $"{account} is held, and {waiting} wait");
}
