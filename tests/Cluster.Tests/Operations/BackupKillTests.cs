namespace Kataven.Cluster.Tests.Operations;

[Collection<OperationsCollection>]
public sealed class BackupKillTests(KilledService service)
{
    public static TheoryData<string> BackupPoints => KillPoints.Of(["backup.record|end"], "backup.begin|backup.dump");

    public static TheoryData<string> VerificationPoints => KillPoints.Of(["restore.fill|verify.remove"], "restore.make|restore.compare", "restore.check|end");

    public static TheoryData<string> DeletionPoints => KillPoints.Of(["backup.record|delete.drop"], "delete.stop|backup.begin", "backup.dump|end");

    [Theory]
    [MemberData(nameof(BackupPoints))]
    public Task A_backup_goes_on_after_its_process_was_killed(string points) => KillPoints.KillAsync(service, points, async () =>
    {
        var account = await FleetAccount.CreateAsync(service);
        return new KillCase(account.Id, () => account.BeginAsync(HttpMethod.Post, "/backups"), async operation =>
        {
            await account.AssertRestoresAsync(operation);
            await account.AssertServesAsync(FleetAccount.Old);
            return [];
        });
    });

    [Theory]
    [MemberData(nameof(VerificationPoints))]
    public Task A_verification_goes_on_after_its_process_was_killed(string points) => KillPoints.KillAsync(service, points, async () =>
    {
        var account = await FleetAccount.CreateAsync(service);
        var backup = await account.BackUpAsync();
        return new KillCase(account.Id, () => account.BeginAsync(HttpMethod.Post, $"/backups/{backup}/verification"), async _ =>
        {
            Assert.True(await service.ScalarAsync<bool>($"SELECT verified_at IS NOT NULL FROM kataven.backup WHERE backup_id = '{backup}'"));
            await account.AssertServesAsync(FleetAccount.Old);
            return [];
        });
    });

    [Theory]
    [MemberData(nameof(DeletionPoints))]
    public Task A_deletion_goes_on_after_its_process_was_killed_and_its_last_backup_brings_the_account_back(string points) =>
        KillPoints.KillAsync(service, points, async () =>
        {
            var account = await FleetAccount.CreateAsync(service);
            return new KillCase(account.Id, () => service.First.AdminAsync(HttpMethod.Delete, $"/accounts/{account.Id}?confirm={account.Id}"), async operation =>
            {
                Assert.Equal(0, await service.ScalarAsync<long>(
                    $"SELECT (SELECT count(*) FROM public.accounts WHERE account_id = '{account.Id}') + (SELECT count(*) FROM pg_database WHERE datname = '{account.Id}')"));
                var (status, body) = await service.First.AdminAsync(
                    HttpMethod.Post, "/accounts", new { account_id = account.Id, account_name = "Back", from_backup = operation });
                Assert.True((int)status == 201, $"{status} {body}");
                await account.AssertServesAsync(FleetAccount.Old);
                return [];
            });
        });

    [Fact]
    public async Task A_backup_whose_process_is_killed_while_it_dumps_goes_on_and_leaves_no_half_of_a_file()
    {
        await service.RunAsync();
        var account = await FleetAccount.CreateAsync(service);
        var before = await Leftovers.ReadAsync(service);
        await using (var stop = await DumpStop.ArmAsync(service, account))
        {
            await account.BeginAsync(HttpMethod.Post, "/backups");
            await stop.ReachedAsync();
            await service.First.KillAsync();
        }

        await service.First.StartAsync();
        var backup = await service.SucceedAsync(await service.OperationOfAsync(account.Id));
        await Leftovers.AssertNoneAsync(service, before, []);
        await account.AssertRestoresAsync(backup);
        await account.AssertServesAsync(FleetAccount.Old);
    }
}
