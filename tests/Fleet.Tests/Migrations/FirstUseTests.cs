using System.Text.Json;
using Kataven.Fleet.Tests.Operations;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Migrations;

[Collection(HastyCollection.Name)]
public sealed class FirstUseTests(HastyService service)
{
    [Fact]
    public async Task An_account_that_is_behind_is_migrated_once_when_it_is_first_used()
    {
        var slug = await service.NewAccountAsync("first");
        await service.SetBackAsync(slug);
        await service.TellAsync(slug);

        // All of them wait for it: the column is the migration's.
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => service.QueryAsync(slug, "select price from item")));

        Assert.Equal(Scripts.Newest, await service.VersionAsync(slug));
        await service.QueryAsync(slug, "select 1");
        var operation = Assert.Single(await OperationsAsync(slug));
        Assert.Equal(("migration", "succeeded"), (operation.GetProperty("kind").GetString(), operation.GetProperty("status").GetString()));
        Assert.Equal([3, 4], operation.GetProperty("result").GetProperty("applied").EnumerateArray().Select(script => script.GetProperty("version").GetInt32()));
        var entry = Assert.Single((await service.GetAsync($"/audit?account={slug}")).GetProperty("entries").EnumerateArray());
        Assert.Equal(("kataven first-use", "succeeded"), (entry.GetProperty("actor").GetString(), entry.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task An_account_that_cannot_be_migrated_is_served_as_it_is_and_not_tried_each_time()
    {
        var slug = await service.NewAccountAsync("first");
        await service.SetBackAsync(slug);
        await service.RunAsync(slug, "INSERT INTO item VALUES (-1, 'below')");
        await service.TellAsync(slug);

        Assert.Equal("below", await service.ItemsAsync(slug));

        Assert.Equal(3, await service.VersionAsync(slug));
        // The next activation, too.
        Assert.Equal(204, (await service.AskAsync("DELETE", $"/pools/{slug}")).Status);
        Assert.Equal("below", await service.ItemsAsync(slug));
        Assert.Equal("migration_failed", Assert.Single(await OperationsAsync(slug)).GetProperty("problem").GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_account_that_was_put_there_by_hand_is_migrated_when_it_is_first_used()
    {
        var slug = await service.NewByHandAsync();

        await Eventually.Async(async () => (await service.TryQueryAsync(slug, "select price from item")).Status == 200, Promised.Within(seconds: 5), "it is adopted and migrated");

        Assert.Equal(Scripts.Newest, await service.VersionAsync(slug));
    }

    [Fact]
    public async Task An_account_that_is_at_the_newest_is_not_migrated()
    {
        var slug = await service.NewAccountAsync("newest");

        await service.QueryAsync(slug, "select price from item");

        Assert.Empty(await OperationsAsync(slug));
    }

    private async Task<List<JsonElement>> OperationsAsync(string account) =>
        [.. (await service.GetAsync($"/operations?account={account}")).GetProperty("operations").EnumerateArray()];
}
