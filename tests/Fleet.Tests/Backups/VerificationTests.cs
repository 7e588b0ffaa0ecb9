using System.Text.Json;
using Kataven.Fleet.Tests.Operations;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Backups;

[Collection(FleetCollection.Name)]
public sealed class VerificationTests(FleetService service)
{
    [Fact]
    public async Task A_verification_proves_the_backup_and_leaves_nothing()
    {
        var slug = await service.NewAccountAsync("verify");
        await service.AddItemsAsync(slug, "one", "two");
        var id = await service.BackUpAsync(slug);
        var roles = await RolesAsync();

        var operation = await service.SucceedAsync($"/accounts/{slug}/backups/{id}/verification");

        Assert.Equal(("verification", slug), (operation.GetProperty("kind").GetString(), operation.GetProperty("account_id").GetString()));
        var result = operation.GetProperty("result");
        Assert.Equal((id, 2), (result.GetProperty("backup_id").GetString(), result.GetProperty("rows").GetInt64()));
        Assert.Equal(3, result.GetProperty("tables").GetInt32());
        Assert.Equal(0, result.GetProperty("skipped").GetInt32());
        Assert.False(result.TryGetProperty("skipped_because", out _));
        var at = (await service.GetAsync($"/accounts/{slug}/backups/{id}")).GetProperty("verified_at").GetDateTimeOffset();
        Assert.True(at >= operation.GetProperty("created_at").GetDateTimeOffset());
        Assert.Equal(at, (await service.GetAsync($"/accounts/{slug}")).GetProperty("last_verified_at").GetDateTimeOffset());
        Assert.Equal(0, await service.SystemScalarAsync<long>("SELECT count(*) FROM pg_database WHERE datname LIKE $1", "\\_" + operation.GetProperty("operation_id").GetGuid().ToString("N") + "%"));
        Assert.Equal(roles, await RolesAsync());
        Assert.Equal("one two", await service.ItemsAsync(slug));
    }

    [Fact]
    public async Task A_damaged_backup_of_a_deleted_account_leaves_no_role_however_it_is_used()
    {
        var slug = await service.NewAccountAsync("damaged");
        await service.AddItemsAsync(slug, "one");
        var role = await service.RoleAsync(slug);
        Assert.Equal(204, (await service.AskAsync("DELETE", $"/accounts/{slug}?confirm={slug}")).Status);
        var id = (await service.GetAsync($"/accounts/{slug}/backups")).GetProperty("backups")[0].GetProperty("backup_id").GetString()!;
        var file = Assert.Single(service.FilesOf(id));
        var content = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        content[^1] ^= 1;
        await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
        var other = await service.NewAccountAsync("undamaged");
        var roles = await RolesAsync();

        foreach (var (path, body) in new (string, object?)[]
        {
            ($"/accounts/{slug}/backups/{id}/verification", null),
            ($"/accounts/{other}/restores", new { backup_id = id, from_account = slug }),
        })
        {
            Assert.Contains("SHA-256", (await service.FailAsync(path, body)).GetProperty("detail").GetString(), StringComparison.Ordinal);
            Assert.False(await service.RoleExistsAsync(role));
            Assert.Equal(roles, await RolesAsync());
        }
    }

    [Fact]
    public async Task A_verification_runs_beside_another_operation()
    {
        var slug = await service.NewAtAsync(2);
        var id = await service.BackUpAsync(slug);
        Task<Reply> migration;
        await using (await service.KeepWaitingAsync(slug))
        {
            migration = service.MigrateAsync(slug);
            await service.HeldAsync(slug);

            await service.SucceedAsync($"/accounts/{slug}/backups/{id}/verification");

            Assert.False(migration.IsCompleted);
        }

        (await migration).Ok();
    }

    private async Task<long> RolesAsync() => await service.SystemScalarAsync<long>("SELECT count(*) FROM pg_roles");
}
