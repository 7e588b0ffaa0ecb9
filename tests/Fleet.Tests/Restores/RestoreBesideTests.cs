using Kataven.Fleet.Tests.Migrations;
using Kataven.Fleet.Tests.Operations;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Restores;

[Collection(FleetCollection.Name)]
public sealed class RestoreBesideTests(FleetService service)
{
    [Fact]
    public async Task A_backup_becomes_a_new_account_and_leaves_the_other_alone()
    {
        var slug = await service.NewAtAsync(2, "one");
        var id = await service.BackUpAsync(slug);
        await service.AddItemsAsync(slug, "two");
        var into = AccountCalls.Slug("beside");

        var operation = await service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = id, into, account_name = "Beside Ltd" });

        Assert.Equal((into, id), (operation.GetProperty("result").GetProperty("account_id").GetString(), operation.GetProperty("result").GetProperty("backup_id").GetString()));
        var account = await service.GetAsync($"/accounts/{into}");
        Assert.Equal(("active", "Beside Ltd", 2), (account.GetProperty("status").GetString(), account.GetProperty("account_name").GetString(), account.GetProperty("schema_version").GetInt32()));
        Assert.Equal(("one", 2), (await service.ItemsAsync(into), await service.VersionAsync(into)));
        await service.AddItemsAsync(into, "beside");
        Assert.Equal("one two", await service.ItemsAsync(slug));
        await service.AssertApartAsync(slug, into);
    }

    [Fact]
    public async Task An_account_is_made_from_a_backup_by_the_call_that_makes_accounts()
    {
        var slug = await service.NewAccountAsync("origin");
        await service.AddItemsAsync(slug, "one");
        var id = await service.BackUpAsync(slug);
        var made = AccountCalls.Slug("made");

        var reply = await service.AskAsync("POST", "/accounts", new { account_id = made, account_name = "Made Ltd", limits = new { max_lanes = 3 }, from_backup = id });

        Assert.Equal((201, $"/api/admin/accounts/{made}"), (reply.Status, reply.Headers.Location?.OriginalString));
        Assert.Equal(
            ("active", "Made Ltd", 3),
            (reply.Json.GetProperty("status").GetString(), reply.Json.GetProperty("account_name").GetString(), reply.Json.GetProperty("limits").GetProperty("max_lanes").GetInt32()));
        Assert.Equal(("one", Scripts.Newest), (await service.ItemsAsync(made), await service.VersionAsync(made)));
        await service.AssertApartAsync(slug, made);
    }

    [Fact]
    public async Task A_slug_that_is_taken_and_a_backup_that_is_not_there_are_refused()
    {
        var (slug, taken) = (await service.NewAccountAsync("source"), await service.NewAccountAsync("taken"));
        var id = await service.BackUpAsync(slug);

        foreach (var into in new[] { taken, slug })
        {
            var beside = await service.AskAsync("POST", $"/accounts/{slug}/restores", new { backup_id = id, into });
            var made = await service.AskAsync("POST", "/accounts", new { account_id = into, account_name = "x", from_backup = id });
            Assert.Equal((409, "account_exists"), (beside.Status, beside.Code));
            Assert.Equal((409, "account_exists"), (made.Status, made.Code));
        }

        var unknown = await service.AskAsync("POST", "/accounts", new { account_id = AccountCalls.Slug("none"), account_name = "x", from_backup = Guid.NewGuid() });
        Assert.Equal((404, "backup_not_found"), (unknown.Status, unknown.Code));
        Assert.Equal("invalid_request", (await service.AskAsync("POST", "/accounts", new { account_id = "none", account_name = "x", from_backup = "no-id" })).Code);
    }
}
