using System.Net;
using Kataven.Testing;

namespace Kataven.Cluster.Tests.Operations;

/// <summary>An account with a small table, whose rows say how old its data is.</summary>
public sealed class FleetAccount(KilledService service, string id)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public const string Old = "old,old too";

    public const string New = "new,new too";

    public string Id => id;

    /// <summary>With <see cref="Old"/> data, and beyond what is cloned by a copy where it is large.</summary>
    public static async Task<FleetAccount> CreateAsync(KilledService service, bool isLarge = false)
    {
        var account = new FleetAccount(service, NewId());
        await account.ProvisionAsync();
        await account.RunAsync("CREATE TABLE item (id integer PRIMARY KEY, name text)");
        await account.RunAsync("CREATE SEQUENCE counter");
        await account.SetAsync(Old);
        if (isLarge)
        {
            await account.RunAsync("CREATE TABLE large AS SELECT generate_series(1, 200000) AS number");
        }

        return account;
    }

    /// <summary>One whose database was there before the service, so no migration was applied to it.</summary>
    public static async Task<FleetAccount> AdoptAsync(KilledService service)
    {
        var account = new FleetAccount(service, NewId());
        await service.ExecuteAsync($"CREATE DATABASE \"{account.Id}\" TEMPLATE template0");
        await service.ExecuteAsync($"INSERT INTO public.accounts (account_id, account_name, database_name, status) VALUES ('{account.Id}', 'Adopted', '{account.Id}', 'active')");
        await account.WhenServedAsync();
        await account.RunAsync("CREATE TABLE item (id integer PRIMARY KEY, name text)");
        await account.SetAsync(Old);
        return account;
    }

    public static string NewId() => $"k{Guid.NewGuid():N}"[..12];

    public async Task ProvisionAsync()
    {
        var (status, body) = await service.First.AdminAsync(HttpMethod.Post, "/accounts", new { account_id = Id, account_name = Id });
        Assert.True(status == HttpStatusCode.Created, $"{status} {body}");
    }

    public async Task SetAsync(string content)
    {
        await RunAsync("DELETE FROM item");
        var names = content.Split(',');
        await RunAsync($"INSERT INTO item VALUES (1, '{names[0]}'), (2, '{names[1]}')");
    }

    public Task<Guid> BeginAsync(HttpMethod method, string path, object? body = null) => service.BeginAsync(method, $"/accounts/{Id}{path}", body);

    /// <summary>A complete one.</summary>
    public async Task<Guid> BackUpAsync() => await service.SucceedAsync(await BeginAsync(HttpMethod.Post, "/backups"));

    /// <summary>What it answers now, through the first front door.</summary>
    public Task<string> ContentAsync() => RunAsync("SELECT string_agg(name, ',' ORDER BY id) FROM item");

    /// <summary>The first value of the answer.</summary>
    public async Task<string> RunAsync(string sql)
    {
        var (status, body) = await service.First.CallAsync(Id, HttpMethod.Post, "/api/query", new { sql });
        return status != HttpStatusCode.OK ? throw new InvalidOperationException($"{status} {body}")
            : body.GetProperty("rows").EnumerateArray().FirstOrDefault() is { ValueKind: not System.Text.Json.JsonValueKind.Undefined } row ? $"{row[0]}" : "";
    }

    /// <summary>Its row is known everywhere within a second.</summary>
    public Task WhenServedAsync() => Eventually.Async(
        async () => (await service.First.CallAsync(Id, HttpMethod.Post, "/api/query", new { sql = "SELECT 1" })).Status == HttpStatusCode.OK, Patience, $"{Id} is served");

    /// <summary>Its rows are these, and it takes new ones.</summary>
    public async Task AssertServesAsync(string content)
    {
        await WhenServedAsync();
        Assert.Equal(content, await ContentAsync());
        await RunAsync("INSERT INTO item VALUES (3, 'after')");
        Assert.Equal(content + ",after", await ContentAsync());
    }

    /// <summary>Its backup is what was written, and can be restored.</summary>
    public async Task AssertRestoresAsync(Guid backup) =>
        await service.SucceedAsync(await BeginAsync(HttpMethod.Post, $"/backups/{backup}/verification"));
}
