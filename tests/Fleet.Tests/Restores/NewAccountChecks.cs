using Kataven.Fleet.Tests.Operations;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Restores;

/// <summary>What holds for each account that is made of another one's data.</summary>
internal static class NewAccountChecks
{
    /// <summary>Each has a role of its own, which cannot connect to the other's database and is nothing in it.</summary>
    public static async Task AssertApartAsync(this FleetService service, string one, string two)
    {
        var (first, second) = (await service.RoleAsync(one), await service.RoleAsync(two));
        Assert.NotEqual(first, second);
        foreach (var (role, database, may) in new[] { (first, one, true), (second, two, true), (first, two, false), (second, one, false) })
        {
            Assert.Equal(may, await service.SystemScalarAsync<bool>("SELECT has_database_privilege($1::name, $2, 'CONNECT')", role, database));
        }

        foreach (var (database, stranger) in new[] { (one, second), (two, first) })
        {
            var owned = await service.ScalarAsync(database, "select count(*) from pg_class where relowner = (select oid from pg_roles where rolname = $1)", stranger);
            Assert.Equal(0, owned.GetInt32());
            Assert.Equal(0, (await service.ScalarAsync(database, "select count(*) from pg_class where array_to_string(relacl, ',') like '%' || $1 || '%'", stranger)).GetInt32());
        }
    }

    /// <summary>Clones an account that is read and written meanwhile, by the method that its service is to choose.</summary>
    public static async Task CloneAsync(this FleetService service, string method)
    {
        var (slug, other, into) = (await service.NewAccountAsync("source"), await service.NewAccountAsync("other"), AccountCalls.Slug("clone"));
        await service.AddItemsAsync(slug, "one", "two");
        await service.QueryAsync(slug, "create table written (n int primary key)");
        var traffic = new[] { Traffic.Reads(service, slug, 20), Traffic.Writes(service, slug, 20), Traffic.Reads(service, other, 20) };
        await Task.WhenAll(traffic.Select(requests => requests.FlowsAsync()));

        var operation = await service.SucceedAsync($"/accounts/{slug}/clones", new { account_id = into, account_name = "Clone Ltd" });

        await Task.WhenAll(traffic.Select(requests => requests.FlowsAsync()));
        await Task.WhenAll(traffic.Select(requests => requests.EndAsync()));
        var result = operation.GetProperty("result");
        Assert.Equal(("clone", into, method), (operation.GetProperty("kind").GetString(), result.GetProperty("account_id").GetString(), result.GetProperty("method").GetString()));
        Assert.Equal(method == "template", result.GetProperty("hold_ms").GetInt64() > 0);
        var account = await service.GetAsync($"/accounts/{into}");
        Assert.Equal(("active", "Clone Ltd"), (account.GetProperty("status").GetString(), account.GetProperty("account_name").GetString()));
        Assert.Equal("one two", await service.ItemsAsync(into));
        // One moment of the source: all that was written until then, and nothing later.
        var cloned = (await service.ScalarAsync(into, "select count(*) from written")).GetInt32();
        Assert.InRange(cloned, 1, traffic[1].Written.Count - 1);
        Assert.Equal(traffic[1].Written.Count, (await service.ScalarAsync(slug, "select count(*) from written")).GetInt32());
        await service.AddItemsAsync(slug, "later");
        await service.AddItemsAsync(into, "elsewhere");
        Assert.Equal(("one two later", "one two elsewhere"), (await service.ItemsAsync(slug), await service.ItemsAsync(into)));
        await service.AssertApartAsync(slug, into);
    }
}
