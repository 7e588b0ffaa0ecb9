using System.Text.Json;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.EndToEnd.Tests.Admin;

public sealed class PoolTests(ServiceFixture service)
{
    private HttpClient Admin => service.AdminClient();

    [Fact]
    public async Task A_pool_is_opened_ahead_seen_and_closed()
    {
        var slug = await service.NewAccountAsync("pool");
        Assert.Null(await FindAsync(slug));

        var warm = (await Admin.CallAsync(HttpMethod.Post, $"/api/admin/pools/{slug}/warmth")).Ok();
        Assert.Equal((slug, true), (warm.GetProperty("account_id").GetString(), warm.GetProperty("opened").GetBoolean()));
        Assert.True(warm.GetProperty("took_ms").GetInt64() >= 0);

        var pool = (await FindAsync(slug))!.Value;
        Assert.Equal("serving", pool.GetProperty("state").GetString());
        Assert.Equal(1, pool.GetProperty("lanes_open").GetInt32());
        Assert.Equal(0, pool.GetProperty("waiting").GetInt32());
        Assert.True(pool.GetProperty("age_ms").GetInt64() >= pool.GetProperty("idle_ms").GetInt64());
        Assert.Equal("standalone", pool.GetProperty("silo").GetString());

        var role = await service.RoleAsync(slug);
        Assert.Equal(204, (await CloseAsync(slug)).Status);
        Assert.Null(await FindAsync(slug));
        await Eventually.Async(async () => await service.ConnectionsAsync(role) == 0, Promised.Within(seconds: 1), "the server has noticed");
        Assert.Equal(204, (await CloseAsync(slug)).Status);
        await service.QueryAsync(slug, "select 1");
    }

    [Fact]
    public async Task A_pool_is_closed_when_what_runs_has_ended()
    {
        var slug = await service.NewAccountAsync("drain");
        await service.QueryAsync(slug, "select 1");
        var running = service.TryQueryAsync(slug, "select pg_sleep(1), 7 as n");
        await Eventually.Async(
            async () => await FindAsync(slug) is { } pool && pool.GetProperty("lanes_busy").GetInt32() == 1, Promised.Within(seconds: 1), "it runs");

        Assert.Equal(204, (await CloseAsync(slug)).Status);

        // The answer comes before the pool is gone; its way through the cluster may be a little longer than the other's.
        Assert.Equal(7, (await running.WaitAsync(Promised.Within(seconds: 0.5), TestContext.Current.CancellationToken)).Ok().GetProperty("rows")[0][1].GetInt32());
    }

    [Fact]
    public async Task Only_an_active_account_can_be_warmed()
    {
        var slug = await service.NewAccountAsync("cold");
        (await Admin.CallAsync(HttpMethod.Put, $"/api/admin/accounts/{slug}/suspension", "{}")).Ok();

        var inactive = await Admin.CallAsync(HttpMethod.Post, $"/api/admin/pools/{slug}/warmth");
        Assert.Equal((403, "account_inactive", "suspended"), (inactive.Status, inactive.Code, inactive.Json.GetProperty("account_status").GetString()));
        var unknown = await Admin.CallAsync(HttpMethod.Post, "/api/admin/pools/never-made/warmth");
        Assert.Equal((404, "account_not_found"), (unknown.Status, unknown.Code));
        Assert.Equal("invalid_account", (await Admin.CallAsync(HttpMethod.Post, "/api/admin/pools/Never/warmth")).Code);
        Assert.Equal("invalid_account", (await CloseAsync("Never")).Code);
        Assert.Equal(204, (await CloseAsync("never-made")).Status);
    }

    [Fact]
    public async Task The_cluster_tells_its_silos_and_its_budget()
    {
        var slug = await service.NewAccountAsync("cluster");
        await service.QueryAsync(slug, "select 1");

        var cluster = (await Admin.CallAsync(HttpMethod.Get, "/api/admin/cluster")).Ok();

        var silo = Assert.Single(cluster.GetProperty("silos").EnumerateArray());
        Assert.Equal(("silo", "active"), (silo.GetProperty("role").GetString(), silo.GetProperty("status").GetString()));
        Assert.Equal("standalone", silo.GetProperty("name").GetString());
        Assert.Contains(":", silo.GetProperty("address").GetString(), StringComparison.Ordinal);
        Assert.True(silo.GetProperty("accounts").GetInt32() >= 1);
        Assert.True(silo.GetProperty("connections").GetInt32() >= 1);
        Assert.True(cluster.GetProperty("budget").GetInt32() > cluster.GetProperty("leased").GetInt32());
        Assert.True(cluster.GetProperty("leased").GetInt32() >= 1);
    }

    private Task<Reply> CloseAsync(string slug) => Admin.CallAsync(HttpMethod.Delete, $"/api/admin/pools/{slug}");

    private async Task<JsonElement?> FindAsync(string slug)
    {
        var pools = (await Admin.CallAsync(HttpMethod.Get, "/api/admin/pools")).Ok().GetProperty("pools");
        return pools.EnumerateArray().Where(pool => pool.GetProperty("account_id").GetString() == slug).Select(pool => (JsonElement?)pool).SingleOrDefault();
    }
}
