using Kataven.Fleet.Tests.Migrations;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Operations;

[Collection(FleetCollection.Name)]
public sealed class ExclusionTests(FleetService service)
{
    [Fact]
    public async Task A_second_operation_on_an_account_is_refused_and_told_the_first()
    {
        var slug = await service.NewAtAsync(2);
        var other = await service.NewAtAsync(2);
        var backup = await service.BackUpAsync(slug);
        Task<Reply> migration;
        await using (await service.KeepWaitingAsync(slug))
        {
            migration = service.MigrateAsync(slug);
            await service.HeldAsync(slug);
            var running = (await service.GetAsync($"/operations?account={slug}&status=running")).GetProperty("operations").EnumerateArray().Single();
            var id = running.GetProperty("operation_id").GetString();
            Assert.Equal("migration", running.GetProperty("kind").GetString());
            Assert.InRange(running.GetProperty("progress").GetDouble(), 0, 0.99);
            Assert.StartsWith("migrate.", running.GetProperty("step").GetString(), StringComparison.Ordinal);

            foreach (var (path, body) in new (string, object?)[]
            {
                ($"/accounts/{slug}/migrations", null),
                ($"/accounts/{slug}/backups", null),
                ($"/accounts/{slug}/restores", new { backup_id = backup }),
                ($"/accounts/{slug}/clones", new { account_id = slug + "-2" }),
            })
            {
                var refused = await service.AskAsync("POST", path, body);
                Assert.True((refused.Status, refused.Code) is (409, "operation_running"), $"{path}: {refused}");
                Assert.Equal(id, refused.Json.GetProperty("operation_id").GetString());
            }

            // Another account's is none of its business.
            Assert.Equal(Scripts.Newest, (await service.MigrateAsync(other)).Ok().GetProperty("version").GetInt32());
        }

        Assert.Equal(Scripts.Newest, (await migration).Ok().GetProperty("version").GetInt32());
        await service.BackUpAsync(slug);
    }

    [Fact]
    public async Task A_suspended_account_can_be_backed_up_and_nothing_else()
    {
        var slug = await service.NewAtAsync(2, "one");
        var backup = await service.BackUpAsync(slug);
        (await service.AskAsync("PUT", $"/accounts/{slug}/suspension", "{}")).Ok();

        foreach (var (path, body) in new (string, object?)[]
        {
            ($"/accounts/{slug}/migrations", null),
            ($"/accounts/{slug}/restores", new { backup_id = backup }),
            ($"/accounts/{slug}/clones", new { account_id = slug + "-2" }),
        })
        {
            var refused = await service.AskAsync("POST", path, body);
            Assert.True((refused.Status, refused.Code) is (403, "account_inactive"), $"{path}: {refused}");
        }

        await service.BackUpAsync(slug);
        Assert.Equal("suspended", (await service.GetAsync($"/accounts/{slug}")).GetProperty("status").GetString());
        Assert.Equal(2, await service.VersionAsync(slug));
    }

    [Fact]
    public async Task Operations_are_listed_by_account_and_status_the_newest_first()
    {
        var slug = await service.NewAccountAsync("listed");
        var first = await service.BackUpAsync(slug);
        var second = await service.BackUpAsync(slug);
        await service.BlockStoreAsync(slug);
        await service.FailAsync($"/accounts/{slug}/backups");

        Assert.Equal([second, first], await IdsAsync($"?account={slug}&status=succeeded"));
        Assert.Equal(3, (await IdsAsync($"?account={slug}")).Count);
        Assert.Equal((await IdsAsync($"?account={slug}"))[..1], await IdsAsync($"?account={slug}&status=failed"));
        Assert.Equal((await IdsAsync($"?account={slug}"))[..2], await IdsAsync($"?account={slug}&limit=2"));
        Assert.Empty(await IdsAsync($"?account={slug}&status=running"));
        Assert.Equal(1, (await service.GetAsync($"/operations/{first}")).GetProperty("progress").GetDouble());
    }

    [Theory]
    [InlineData("status=paused", "status")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("account=No%20slug", "account")]
    public async Task A_list_that_is_asked_for_in_the_wrong_form_is_refused(string query, string named)
    {
        var reply = await service.AskAsync("GET", $"/operations?{query}");

        Assert.Equal(400, reply.Status);
        Assert.Contains(named, reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operation_that_is_not_there_or_is_no_restore_of_the_account_is_not_found()
    {
        var (slug, other) = (await service.NewAccountAsync("mine"), await service.NewAccountAsync("theirs"));
        var backup = await service.BackUpAsync(slug);
        var restore = (await service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = backup })).GetProperty("operation_id").GetString();

        foreach (var (method, path) in new[]
        {
            ("GET", $"/operations/{Guid.NewGuid()}"),
            ("GET", "/operations/no-id"),
            ("DELETE", $"/accounts/{slug}/restores/{Guid.NewGuid()}"),
            ("DELETE", $"/accounts/{slug}/restores/no-id"),
            ("DELETE", $"/accounts/{slug}/restores/{backup}"),
            ("DELETE", $"/accounts/{other}/restores/{restore}"),
        })
        {
            var reply = await service.AskAsync(method, path);
            Assert.True((reply.Status, reply.Code) is (404, "operation_not_found"), $"{path}: {reply}");
        }
    }

    [Fact]
    public async Task The_routes_are_closed_to_the_tokens_of_accounts()
    {
        var slug = await service.AccountOfAsync<ExclusionTests>();
        foreach (var (method, path) in new[]
        {
            ("GET", "migrations"), ("GET", $"accounts/{slug}/migrations"), ("POST", $"accounts/{slug}/migrations"), ("GET", $"accounts/{slug}/backups"),
            ("POST", $"accounts/{slug}/backups"), ("POST", $"accounts/{slug}/restores"), ("POST", $"accounts/{slug}/clones"), ("GET", "operations"),
            ("PUT", $"accounts/{slug}/backup-schedule"), ("GET", $"accounts/{slug}/backups/{Guid.NewGuid()}/content"),
        })
        {
            Assert.Equal("admin_only", (await service.Client(slug).CallAsync(new HttpMethod(method), "/api/admin/" + path, method == "GET" ? null : "{}")).Code);
        }
    }

    private async Task<List<string>> IdsAsync(string query) =>
        [.. (await service.GetAsync("/operations" + query)).GetProperty("operations").EnumerateArray().Select(operation => operation.GetProperty("operation_id").GetString()!)];
}
