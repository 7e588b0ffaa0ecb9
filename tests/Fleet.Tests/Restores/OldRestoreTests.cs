using Kataven.Fleet.Tests.Operations;
using Kataven.Housekeeping;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Restores;

[Collection(FleetCollection.Name)]
public sealed class OldRestoreTests(FleetService service)
{
    [Fact]
    public async Task A_restore_is_known_however_old_it_is_while_what_it_replaced_is_there_and_then_both_go()
    {
        var slug = await service.NewAccountAsync("old");
        var backup = await service.BackUpAsync(slug);
        var restore = (await service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = backup })).GetProperty("operation_id").GetGuid();
        var replaced = $"_{restore:N}r";
        // As if an operation were on the account: what was replaced is not removed then, for that may be swapping it back.
        await service.RunAsync("system", $"INSERT INTO kataven.operation_claim (account_id, operation_id) VALUES ('{slug}', '{backup}')");
        await service.RunAsync("system", $"""
            UPDATE kataven.operation SET created_at = now() - interval '402 days', finished_at = now() - interval '401 days' WHERE operation_id = '{restore}'
            """);

        await TidyAsync();
        Assert.Equal("succeeded", (await service.GetAsync($"/operations/{restore}")).GetProperty("status").GetString());
        Assert.True(await service.DatabaseExistsAsync(replaced));

        await service.RunAsync("system", $"DELETE FROM kataven.operation_claim WHERE account_id = '{slug}'");
        await Eventually.Async(
            async () =>
            {
                await TidyAsync();
                return !await service.DatabaseExistsAsync(replaced) && (await service.AskAsync("GET", $"/operations/{restore}")).Status == 404;
            },
            Promised.Within(seconds: 5),
            "the replaced database is removed, and then its operation");
    }

    /// <summary>Twice, since the first may join a tidying that has looked already.</summary>
    private async Task TidyAsync()
    {
        await service.Grains.GetGrain<IHousekeepingGrain>(0).TidyAsync();
        await service.Grains.GetGrain<IHousekeepingGrain>(0).TidyAsync();
    }
}
