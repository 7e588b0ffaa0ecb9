using Kataven.Fleet.Tests.Operations;

namespace Kataven.Fleet.Tests.Backups;

[Collection(FleetCollection.Name)]
public sealed class StoreFailureTests(FleetService service)
{
    [Fact]
    public async Task Where_the_store_cannot_be_used_no_backup_is_told_to_be_there()
    {
        var slug = await service.NewAccountAsync("nostore");
        await service.BlockStoreAsync(slug);

        var problem = await service.FailAsync($"/accounts/{slug}/backups");

        Assert.Equal("operation_failed", problem.GetProperty("code").GetString());
        Assert.Contains("Kataven:Backups:Directory", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        var backup = Assert.Single((await service.GetAsync($"/accounts/{slug}/backups")).GetProperty("backups").EnumerateArray());
        Assert.Equal("failed", backup.GetProperty("status").GetString());
        var path = $"/accounts/{slug}/backups/{backup.GetProperty("backup_id").GetString()}";
        Assert.Equal("backup_not_found", (await service.AskAsync("GET", path + "/content")).Code);
        Assert.Equal("backup_not_found", (await service.AskAsync("POST", path + "/verification")).Code);
        Assert.Equal("backup_not_found", (await service.AskAsync("POST", $"/accounts/{slug}/restores", new { backup_id = backup.GetProperty("backup_id").GetString() })).Code);
        await service.QueryAsync(slug, "select 1");
    }
}
