using System.Text.Json;
using Kataven.Fleet.Tests.Operations;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Migrations;

[Collection(FleetCollection.Name)]
public sealed class MigrationTests(FleetService service)
{
    [Fact]
    public async Task The_scripts_are_listed_in_the_order_of_their_numbers()
    {
        var scripts = (await service.GetAsync("/migrations")).GetProperty("migrations").EnumerateArray().ToList();

        Assert.Equal(
            [(1, "items"), (2, "names are unique"), (3, "what takes its time"), (4, "ids are positive")],
            scripts.Select(script => (script.GetProperty("version").GetInt32(), script.GetProperty("description").GetString()!)));
        Assert.All(scripts, script => Assert.Matches("^[0-9a-f]{64}$", script.GetProperty("checksum").GetString()));
    }

    [Fact]
    public async Task A_new_account_has_all_of_them_and_one_that_nobody_migrated_none()
    {
        var slug = AccountCalls.Slug("baseline");
        Assert.Equal(201, (await service.CreateAsync(slug)).Status);
        var behind = await service.NewBehindAsync();

        var whole = await service.GetAsync($"/accounts/{slug}/migrations");
        var none = await service.GetAsync($"/accounts/{behind}/migrations");

        Assert.Equal((Scripts.Newest, Scripts.Newest, 0, 0), Counts(whole));
        Assert.All(whole.GetProperty("applied").EnumerateArray(), script =>
        {
            Assert.True(script.GetProperty("applied_at").GetDateTimeOffset() > TimeProvider.System.GetUtcNow().AddMinutes(-5));
            Assert.True(script.GetProperty("duration_ms").GetInt64() >= 0);
        });
        Assert.Equal((0, 0, Scripts.Newest, 0), Counts(none));
        Assert.Equal(JsonValueKind.Null, none.GetProperty("schema").ValueKind);
    }

    [Fact]
    public async Task A_dry_run_tells_what_would_be_applied_and_changes_nothing()
    {
        var slug = await service.NewBehindAsync();

        var all = (await service.MigrateAsync(slug, new { dry_run = true })).Ok();
        var some = (await service.MigrateAsync(slug, new { dry_run = true, target = 2 })).Ok();

        Assert.Equal([1, 2, 3, 4], Versions(all.GetProperty("applied")));
        Assert.Equal([1, 2], Versions(some.GetProperty("applied")));
        Assert.Equal((0, 0, Scripts.Newest, 0), Counts(await service.GetAsync($"/accounts/{slug}/migrations")));
        Assert.Equal(0, (await service.ScalarAsync(slug, "select count(*) from pg_class where relname in ('item', 'pace')")).GetInt32());
        Assert.Empty((await service.GetAsync($"/operations?account={slug}")).GetProperty("operations").EnumerateArray());
    }

    [Fact]
    public async Task An_account_is_brought_to_the_target_and_then_to_the_newest()
    {
        var slug = await service.NewBehindAsync();

        var first = (await service.MigrateAsync(slug, new { target = 2 })).Ok();
        Assert.Equal(2, first.GetProperty("version").GetInt32());
        Assert.Equal([1, 2], Versions(first.GetProperty("applied")));
        Assert.Equal(2, await service.VersionAsync(slug));
        Assert.Equal(0, (await service.ScalarAsync(slug, "select count(*) from pg_attribute where attname = 'price'")).GetInt32());

        // Without a body it is the newest; a target that was reached applies nothing.
        Assert.Equal([3, 4], Versions((await service.MigrateAsync(slug)).Ok().GetProperty("applied")));
        var again = (await service.MigrateAsync(slug, new { target = 2 })).Ok();
        Assert.Equal((Scripts.Newest, 0), (again.GetProperty("version").GetInt32(), again.GetProperty("applied").GetArrayLength()));
        Assert.Equal("", await service.ItemsAsync(slug));
    }

    [Theory]
    [InlineData("""{"target":99}""", "target")]
    [InlineData("""{"target":99,"dry_run":true}""", "target")]
    [InlineData("""{"target":"2"}""", "target")]
    [InlineData("""{"target":-1}""", "target")]
    [InlineData("""{"dry_run":1}""", "dry_run")]
    [InlineData("""{"force":true}""", "force")]
    public async Task A_target_that_no_script_has_or_a_wrong_body_is_refused_by_name(string body, string named)
    {
        var slug = await service.AccountOfAsync<MigrationTests>();

        var reply = await service.MigrateAsync(slug, body);

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Code));
        Assert.Contains(named, reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_is_not_there_cannot_be_migrated()
    {
        Assert.Equal("account_not_found", (await service.MigrateAsync("never-made")).Code);
        Assert.Equal("account_not_found", (await service.AskAsync("GET", "/accounts/never-made/migrations")).Code);
    }

    [Fact]
    public async Task A_migration_is_an_operation_whose_end_is_in_the_audit_log()
    {
        var (good, bad) = (await service.NewAtAsync(1), await service.NewAtAsync(1, "twice", "twice"));
        Assert.Equal(200, (await service.MigrateAsync(good)).Status);
        Assert.Equal(409, (await service.MigrateAsync(bad)).Status);

        Assert.Equal(["succeeded", "succeeded"], await OutcomesAsync(good));
        Assert.Equal(["succeeded", "migration_failed"], await OutcomesAsync(bad));
        var operation = (await service.GetAsync($"/operations?account={bad}&status=failed")).GetProperty("operations").EnumerateArray().Single();
        Assert.Equal(("migration", bad), (operation.GetProperty("kind").GetString(), operation.GetProperty("account_id").GetString()));
        Assert.Equal("23505", operation.GetProperty("problem").GetProperty("sql_state").GetString());
        Assert.True(operation.GetProperty("finished_at").GetDateTimeOffset() >= operation.GetProperty("created_at").GetDateTimeOffset());
    }

    private async Task<IEnumerable<string>> OutcomesAsync(string account) =>
        (await service.GetAsync($"/audit?account={account}")).GetProperty("entries").EnumerateArray()
            .Where(entry => entry.GetProperty("action").GetString() == "operation migration")
            .Select(entry => entry.GetProperty("outcome").GetString()!);

    private static (int Version, int Applied, int Pending, int Drift) Counts(JsonElement status) => (
        status.GetProperty("version").GetInt32(),
        status.GetProperty("applied").GetArrayLength(),
        status.GetProperty("pending").GetArrayLength(),
        status.GetProperty("drift").GetArrayLength());

    private static IEnumerable<int> Versions(JsonElement scripts) => scripts.EnumerateArray().Select(script => script.GetProperty("version").GetInt32());
}
