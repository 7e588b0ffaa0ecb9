using Kataven.Fleet.Tests.Operations;
using Kataven.Housekeeping;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Restores;

[Collection(HastyCollection.Name)]
public sealed class ReplacedDatabaseTests(HastyService service)
{
    [Fact]
    public async Task A_replaced_database_goes_when_its_time_is_over_and_then_cannot_be_swapped_back()
    {
        var slug = await service.NewAccountAsync("replaced");
        await service.AddItemsAsync(slug, "one");
        var id = await service.BackUpAsync(slug);
        await service.AddItemsAsync(slug, "two");
        var restore = (await service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = id })).GetProperty("operation_id").GetGuid();

        await Eventually.Async(
            async () =>
            {
                await service.Grains.GetGrain<IHousekeepingGrain>(0).TidyAsync();
                return !await service.DatabaseExistsAsync($"_{restore:N}r");
            },
            Promised.Within(seconds: 5),
            "the replaced database is removed");

        var problem = await service.FailAsync($"/accounts/{slug}/restores/{restore}", method: "DELETE");
        Assert.Equal("operation_failed", problem.GetProperty("code").GetString());
        Assert.Contains("not kept any more (Kataven:Backups:KeepReplaced)", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("one", await service.ItemsAsync(slug));
    }
}
