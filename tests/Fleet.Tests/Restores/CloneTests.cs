using Kataven.Fleet.Tests.Migrations;
using Kataven.Fleet.Tests.Operations;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Restores;

[Collection(FleetCollection.Name)]
public sealed class CloneTests(FleetService service)
{
    [Fact]
    public async Task A_small_account_is_cloned_by_a_copy_and_its_requests_wait() => await service.CloneAsync("template");

    [Fact]
    public async Task A_clone_has_the_version_of_its_source()
    {
        var slug = await service.NewAtAsync(2, "one");
        var into = AccountCalls.Slug("clone");

        await service.SucceedAsync($"/accounts/{slug}/clones", new { account_id = into });

        Assert.Equal(2, await service.VersionAsync(into));
        Assert.Equal([3, 4], (await service.MigrateAsync(into)).Ok().GetProperty("applied").EnumerateArray().Select(script => script.GetProperty("version").GetInt32()));
        Assert.Equal(2, await service.VersionAsync(slug));
    }

    /// <summary>Whatever a role owns goes when it does, in whichever database.</summary>
    [Fact]
    public async Task A_clone_keeps_its_extensions_when_its_source_is_deleted()
    {
        var (slug, into) = (await service.NewAccountAsync("source"), AccountCalls.Slug("clone"));
        await service.QueryAsync(slug, "create extension citext");
        await service.QueryAsync(slug, "create extension pg_trgm");
        await service.QueryAsync(slug, "create table word (text citext primary key)");
        await service.QueryAsync(slug, "insert into word values ('Zebra')");
        await service.SucceedAsync($"/accounts/{slug}/clones", new { account_id = into });
        Assert.Equal(0, (await service.ScalarAsync(into, "select count(*) from pg_extension where extname <> 'plpgsql' and pg_get_userbyid(extowner) <> current_user")).GetInt32());

        Assert.Equal(204, (await service.AskAsync("DELETE", $"/accounts/{slug}?confirm={slug}&backup=false")).Status);

        Assert.Equal("Zebra", (await service.ScalarAsync(into, "select text from word where text = 'zEBRA' and similarity(text::text, 'zebra') > 0.5")).GetString());
    }

    [Fact]
    public async Task A_clone_that_cannot_be_made_is_refused()
    {
        var (slug, taken) = (await service.AccountOfAsync<CloneTests>(), await service.NewAccountAsync("taken"));

        var refused = await service.AskAsync("POST", $"/accounts/{slug}/clones", new { account_id = taken });
        Assert.Equal((409, "account_exists"), (refused.Status, refused.Code));
        Assert.Equal("account_exists", (await service.AskAsync("POST", $"/accounts/{slug}/clones", new { account_id = slug })).Code);
        Assert.Equal("account_not_found", (await service.AskAsync("POST", "/accounts/never-made/clones", new { account_id = "never-made-2" })).Code);
        Assert.Equal("invalid_request", (await service.AskAsync("POST", $"/accounts/{slug}/clones", "{}")).Code);
        Assert.Equal("reserved_account", (await service.AskAsync("POST", $"/accounts/{slug}/clones", new { account_id = "postgres" })).Code);
        Assert.Equal(Scripts.Newest, await service.VersionAsync(taken));
    }
}
