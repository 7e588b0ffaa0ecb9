using System.Text.Json;
using Kataven.Fleet.Tests.Operations;
using Kataven.Housekeeping;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Backups;

/// <summary>What of a deleted account stays.</summary>
[Collection(FleetCollection.Name)]
public sealed class LastBackupTests(FleetService service)
{
    [Fact]
    public async Task A_deleted_account_comes_back_from_its_last_backup()
    {
        var slug = await service.NewAccountAsync("last");
        await service.AddItemsAsync(slug, "one");
        var former = await service.BackUpAsync(slug);
        await service.AddItemsAsync(slug, "two");
        var role = await service.RoleAsync(slug);

        Assert.Equal(204, (await DeleteAsync(slug)).Status);

        Assert.Equal("account_not_found", (await service.AskAsync("GET", $"/accounts/{slug}")).Code);
        Assert.False(await service.DatabaseExistsAsync(slug));
        Assert.False(await service.RoleExistsAsync(role));
        var deletion = (await service.GetAsync($"/operations?account={slug}")).GetProperty("operations").EnumerateArray().First();
        var last = deletion.GetProperty("result").GetProperty("backup_id").GetString();
        Assert.Equal(("deletion", "succeeded"), (deletion.GetProperty("kind").GetString(), deletion.GetProperty("status").GetString()));
        var backups = (await service.GetAsync($"/accounts/{slug}/backups")).GetProperty("backups").EnumerateArray().ToList();
        Assert.Equal([last, former], backups.Select(backup => backup.GetProperty("backup_id").GetString()));
        Assert.Equal("last", backups[0].GetProperty("reason").GetString());
        AssertKept(backups[0]);
        await service.Grains.GetGrain<IHousekeepingGrain>(0).TidyAsync();
        AssertKept(await service.GetAsync($"/accounts/{slug}/backups/{former}"));

        // Nobody needs the account for what is known of its backups.
        (await service.AskAsync("GET", $"/accounts/{slug}/backups/{last}")).Ok();
        Assert.Equal(200, (await service.AskAsync("GET", $"/accounts/{slug}/backups/{last}/content")).Status);
        await service.SucceedAsync($"/accounts/{slug}/backups/{last}/verification");

        var back = await service.AskAsync("POST", "/accounts", new { account_id = slug, account_name = "Back", from_backup = last });
        Assert.True(back.Status == 201, back.ToString());
        await Eventually.Async(async () => (await service.TryQueryAsync(slug, "select 1")).Status == 200, Promised.Within(seconds: 1), "it is served");
        Assert.Equal("one two", await service.ItemsAsync(slug));
    }

    [Fact]
    public async Task The_backups_of_a_deleted_account_go_with_their_files_when_their_time_is_over()
    {
        var (slug, other) = (await service.NewAccountAsync("over"), await service.NewAccountAsync("notover"));
        var former = await service.BackUpAsync(slug);
        Assert.Equal(204, (await DeleteAsync(slug)).Status);
        Assert.Equal(204, (await DeleteAsync(other)).Status);
        await TidyAsync();
        var last = (await service.GetAsync($"/accounts/{slug}/backups")).GetProperty("backups")[0].GetProperty("backup_id").GetString()!;
        var kept = (await service.GetAsync($"/accounts/{other}/backups")).GetProperty("backups")[0].GetProperty("backup_id").GetString()!;
        Assert.All([former, last, kept], backup => Assert.Single(service.FilesOf(backup)));
        // As if what is left of it had passed.
        await service.RunAsync("system", $"UPDATE kataven.backup SET keep_until = keep_until - interval '30 days 1 minute' WHERE account_id = '{slug}'");

        await TidyAsync();

        Assert.Equal("account_not_found", (await service.AskAsync("GET", $"/accounts/{slug}/backups")).Code);
        Assert.Equal("backup_not_found", (await service.AskAsync("GET", $"/accounts/{slug}/backups/{last}")).Code);
        Assert.All([former, last], backup => Assert.Empty(service.FilesOf(backup)));
        Assert.Single(service.FilesOf(kept));
        AssertKept(await service.GetAsync($"/accounts/{other}/backups/{kept}"));
    }

    [Fact]
    public async Task A_former_accounts_backup_takes_the_place_of_its_successor_only_where_that_is_said()
    {
        var slug = await service.NewAccountAsync("successor");
        await service.AddItemsAsync(slug, "former");
        Assert.Equal(204, (await DeleteAsync(slug)).Status);
        var last = (await service.GetAsync($"/accounts/{slug}/backups")).GetProperty("backups")[0].GetProperty("backup_id").GetString();
        Assert.Equal(201, (await service.CreateAsync(slug)).Status);
        await Eventually.Async(async () => (await service.TryQueryAsync(slug, "select 1")).Status == 200, Promised.Within(seconds: 1), "it is served");
        await service.AddItemsAsync(slug, "successor");

        Assert.Equal("backup_not_found", (await service.AskAsync("POST", $"/accounts/{slug}/restores", new { backup_id = last })).Code);
        Assert.Equal("successor", await service.ItemsAsync(slug));

        await service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = last, from_account = slug });
        Assert.Equal("former", await service.ItemsAsync(slug));
    }

    [Fact]
    public async Task Who_does_without_it_has_none()
    {
        var slug = await service.NewAccountAsync("without");

        Assert.Equal(204, (await DeleteAsync(slug, "&backup=false")).Status);

        Assert.Equal("account_not_found", (await service.AskAsync("GET", $"/accounts/{slug}/backups")).Code);
    }

    [Fact]
    public async Task Where_the_last_backup_fails_the_account_is_as_it_was()
    {
        var slug = await service.NewAccountAsync("stays");
        await service.AddItemsAsync(slug, "one");
        await service.BlockStoreAsync(slug);

        var refused = await DeleteAsync(slug);

        Assert.Equal((409, "operation_failed"), (refused.Status, refused.Code));
        Assert.Contains("Kataven:Backups:Directory", refused.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("active", (await service.GetAsync($"/accounts/{slug}")).GetProperty("status").GetString());
        await Eventually.Async(async () => (await service.TryQueryAsync(slug, "select 1")).Status == 200, Promised.Within(seconds: 1), "it is served");
        Assert.Equal("one", await service.ItemsAsync(slug));

        Assert.Equal(204, (await DeleteAsync(slug, "&backup=false")).Status);
    }

    /// <summary>Twice, since the first may join a tidying that has looked already.</summary>
    private async Task TidyAsync()
    {
        await service.Grains.GetGrain<IHousekeepingGrain>(0).TidyAsync();
        await service.Grains.GetGrain<IHousekeepingGrain>(0).TidyAsync();
    }

    private static void AssertKept(JsonElement backup) => Assert.InRange(
        backup.GetProperty("keep_until").GetDateTimeOffset() - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(29.9), TimeSpan.FromDays(30.1));

    private Task<Reply> DeleteAsync(string slug, string more = "") => service.AskAsync("DELETE", $"/accounts/{slug}?confirm={slug}{more}");
}
