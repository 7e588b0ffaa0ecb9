using System.Text.Json;
using Kataven.Fleet.Tests.Migrations;

namespace Kataven.Fleet.Tests.Operations;

/// <summary>What the list of accounts tells of the fleet.</summary>
[Collection(FleetCollection.Name)]
public sealed class OverviewTests(FleetService service)
{
    [Fact]
    public async Task Accounts_are_found_by_whether_they_are_behind()
    {
        var (behind, never, newest) = (await service.NewAtAsync(2), await service.NewBehindAsync(), await service.NewAccountAsync("newest"));
        foreach (var slug in new[] { behind, never })
        {
            Assert.Single(await ListAsync($"q={slug}&behind=true"));
            Assert.Empty(await ListAsync($"q={slug}&behind=false"));
        }

        Assert.Empty(await ListAsync($"q={newest}&behind=true"));
        Assert.Single(await ListAsync($"q={newest}&behind=false"));

        (await service.MigrateAsync(behind)).Ok();
        Assert.Empty(await ListAsync($"q={behind}&behind=true"));
    }

    [Fact]
    public async Task Accounts_are_found_by_the_age_of_their_newest_backup()
    {
        var (backed, never) = (await service.NewAccountAsync("backed"), await service.NewAccountAsync("never"));
        await service.BackUpAsync(backed);

        Assert.Single(await ListAsync($"q={backed}&backup_older_than=00:00:00"));
        Assert.Empty(await ListAsync($"q={backed}&backup_older_than=1.00:00:00"));
        Assert.Single(await ListAsync($"q={never}&backup_older_than=1.00:00:00"));

        // One that failed is none.
        await service.BlockStoreAsync(never);
        await service.FailAsync($"/accounts/{never}/backups");
        Assert.Single(await ListAsync($"q={never}&backup_older_than=1.00:00:00"));
    }

    [Fact]
    public async Task An_account_tells_its_version_its_size_and_its_newest_backups()
    {
        var slug = await service.NewAtAsync(2);
        var before = await service.GetAsync($"/accounts/{slug}");
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (before.GetProperty("last_backup_at").ValueKind, before.GetProperty("last_verified_at").ValueKind));
        await service.BackUpAsync(slug);
        var id = await service.BackUpAsync(slug);
        await service.SucceedAsync($"/accounts/{slug}/backups/{id}/verification");

        var account = Assert.Single(await ListAsync($"q={slug}"));

        Assert.Equal(2, account.GetProperty("schema_version").GetInt32());
        Assert.Equal(
            await service.SystemScalarAsync<long>("SELECT pg_database_size($1::name)", slug), account.GetProperty("size_bytes").GetInt64(), tolerance: 1 << 20);
        var backup = await service.GetAsync($"/accounts/{slug}/backups/{id}");
        Assert.Equal(backup.GetProperty("started_at").GetDateTimeOffset(), account.GetProperty("last_backup_at").GetDateTimeOffset());
        Assert.Equal(backup.GetProperty("verified_at").GetDateTimeOffset(), account.GetProperty("last_verified_at").GetDateTimeOffset());
        Assert.Equal(account.GetRawText(), (await service.GetAsync($"/accounts/{slug}")).GetRawText());
        Assert.Equal(Scripts.Newest, (await service.GetAsync($"/accounts/{await service.NewAccountAsync("whole")}")).GetProperty("schema_version").GetInt32());
    }

    [Theory]
    [InlineData("behind=maybe", "behind")]
    [InlineData("backup_older_than=yesterday", "backup_older_than")]
    [InlineData("backup_older_than=-1.00:00:00", "backup_older_than")]
    public async Task A_list_that_is_asked_for_in_the_wrong_form_is_refused(string query, string parameter)
    {
        var reply = await service.AskAsync("GET", $"/accounts?{query}");

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Code));
        Assert.StartsWith(parameter, reply.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task<List<JsonElement>> ListAsync(string query) =>
        [.. (await service.GetAsync("/accounts?" + query)).GetProperty("accounts").EnumerateArray()];
}
