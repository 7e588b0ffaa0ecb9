using System.Text.Json;
using Kataven.Fleet.Tests.Operations;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Migrations;

[Collection(FleetCollection.Name)]
public sealed class DriftTests(FleetService service)
{
    [Fact]
    public async Task A_script_that_changed_or_vanished_after_it_was_applied_is_told()
    {
        var slug = await service.NewAccountAsync("drift");
        await service.RunAsync(slug, $"UPDATE _kataven.migration SET checksum = '{new string('0', 64)}' WHERE version = 2");
        await service.RunAsync(slug, "UPDATE _kataven.migration SET version = 7, description = 'gone' WHERE version = 4");

        var status = await service.GetAsync($"/accounts/{slug}/migrations");

        Assert.Equal(
            [(2, "names are unique", "changed"), (7, "gone", "vanished")],
            status.GetProperty("drift").EnumerateArray().Select(drift => (
                drift.GetProperty("version").GetInt32(), drift.GetProperty("description").GetString()!, drift.GetProperty("reason").GetString()!)));
        Assert.Equal([4], status.GetProperty("pending").EnumerateArray().Select(script => script.GetProperty("version").GetInt32()));
        Assert.Equal(7, status.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task A_schema_that_was_changed_by_hand_is_told_object_by_object()
    {
        var slug = await service.NewAccountAsync("byhand");
        Assert.Empty((await SchemaAsync(slug, "schema=true")).EnumerateArray());

        await service.QueryAsync(slug, "drop index item_name");
        await service.QueryAsync(slug, "alter table item alter column price type bigint");
        await service.QueryAsync(slug, "create table mine (n int)");

        var differences = Told(await SchemaAsync(slug, "schema=true"));
        Assert.Contains(differences, difference => difference is ("item_name", "missing"));
        Assert.Contains(differences, difference => difference.Name.StartsWith("item", StringComparison.Ordinal) && difference.Difference == "changed");
        Assert.DoesNotContain(differences, difference => difference.Name.StartsWith("mine", StringComparison.Ordinal));
        Assert.Contains(Told(await SchemaAsync(slug, "added=true")), difference => difference is ("mine", "added"));
    }

    [Fact]
    public async Task A_schema_is_compared_with_that_of_the_accounts_own_version()
    {
        var slug = await service.NewAtAsync(2);

        Assert.Empty((await SchemaAsync(slug, "schema=true")).EnumerateArray());
    }

    private async Task<JsonElement> SchemaAsync(string slug, string query) =>
        (await service.GetAsync($"/accounts/{slug}/migrations?{query}")).GetProperty("schema");

    private static List<(string Name, string Difference)> Told(JsonElement schema) =>
        [.. schema.EnumerateArray().Select(difference => (difference.GetProperty("name").GetString()!, difference.GetProperty("difference").GetString()!))];
}
