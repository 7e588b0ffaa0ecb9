namespace Kataven.Cluster.Tests.Operations;

[Collection<OperationsCollection>]
public sealed class ServerRestartTests(KilledService service)
{
    [Fact]
    public async Task A_backup_goes_on_when_the_server_was_started_anew_while_it_dumped()
    {
        await service.RunAsync();
        var account = await FleetAccount.CreateAsync(service);
        var before = await Leftovers.ReadAsync(service);
        Guid backup;
        await using (var stop = await DumpStop.ArmAsync(service, account))
        {
            backup = await account.BeginAsync(HttpMethod.Post, "/backups");
            await stop.ReachedAsync();
            await service.RestartServerAsync();
        }

        await service.SucceedAsync(backup);
        await account.AssertRestoresAsync(backup);
        await account.AssertServesAsync(FleetAccount.Old);
        await Leftovers.AssertNoneAsync(service, before, []);
    }

    [Fact]
    public async Task A_restore_goes_on_when_the_server_was_started_anew_while_it_filled_its_database()
    {
        KillPoints.SkipUnlessAll();
        await service.RunAsync();
        var slow = await SlowRestore.MakeAsync(service);
        var before = await Leftovers.ReadAsync(service);
        await slow.BeginAsync();

        await service.RestartServerAsync();

        await service.SucceedAsync(slow.Operation);
        await slow.Account.AssertServesAsync(FleetAccount.Old);
        await Leftovers.AssertNoneAsync(service, before, [$"database _{slow.Operation:N}r"]);
    }

    [Theory]
    [InlineData("restore.swap")]
    [InlineData("restore.finish")]
    public async Task A_restore_goes_on_when_the_server_was_started_anew_beside_its_swap(string point)
    {
        await service.RunAsync();
        var account = await FleetAccount.CreateAsync(service);
        var backup = await account.BackUpAsync();
        await account.SetAsync(FleetAccount.New);
        var before = await Leftovers.ReadAsync(service);
        Guid operation;
        await using (var stop = await StopPoint.ArmAsync(service, account.Id, point))
        {
            operation = await account.BeginAsync(HttpMethod.Post, "/restores", new { backup_id = backup });
            await stop.ReachedAsync();
            await stop.DisarmAsync();
            await service.RestartServerAsync();
        }

        await service.SucceedAsync(operation);
        await account.AssertServesAsync(FleetAccount.Old);
        await Leftovers.AssertNoneAsync(service, before, [$"database _{operation:N}r"]);
    }

    [Theory]
    [InlineData("migrate.commit:1")]
    [InlineData("migrate.record:1")]
    public async Task A_migration_goes_on_when_the_server_was_started_anew(string point)
    {
        await service.RunAsync();
        var account = await FleetAccount.AdoptAsync(service);
        var before = await Leftovers.ReadAsync(service);
        Task begun;
        await using (var stop = await StopPoint.ArmAsync(service, account.Id, point))
        {
            begun = service.First.AdminAsync(HttpMethod.Post, $"/accounts/{account.Id}/migrations", new { });
            await stop.ReachedAsync();
            await stop.DisarmAsync();
            await service.RestartServerAsync();
        }

        await service.SucceedAsync(await service.OperationOfAsync(account.Id));
        await begun;
        await MigratedAccount.AssertAsync(service, account);
        await Leftovers.AssertNoneAsync(service, before, []);
    }
}
