namespace Kataven.Cluster.Tests.Operations;

[Collection<OperationsCollection>]
public sealed class RestoreKillTests(KilledService service)
{
    public static TheoryData<string> RestorePoints =>
        KillPoints.Of(["restore.swap|restore.finish"], "restore.check|restore.make", "restore.fill|restore.compare", "restore.hold|end");

    public static TheoryData<string> SwapBackPoints => KillPoints.Of(["restore.swap|restore.finish"], "restore.hold|end");

    public static TheoryData<string> NewAccountPoints => KillPoints.Of(["account.place|end"], "restore.fill|account.activate", "account.reserve|restore.compare");

    [Theory]
    [MemberData(nameof(RestorePoints))]
    public Task A_restore_goes_on_after_its_process_was_killed(string points) => KillPoints.KillAsync(service, points, async () =>
    {
        var account = await FleetAccount.CreateAsync(service);
        var backup = await account.BackUpAsync();
        await account.SetAsync(FleetAccount.New);
        return new KillCase(account.Id, () => account.BeginAsync(HttpMethod.Post, "/restores", new { backup_id = backup }), async operation =>
        {
            await account.AssertServesAsync(FleetAccount.Old);
            return [await ReplacedAsync(operation)];
        });
    });

    [Theory]
    [MemberData(nameof(SwapBackPoints))]
    public Task A_restore_that_is_taken_back_goes_on_after_its_process_was_killed(string points) => KillPoints.KillAsync(service, points, async () =>
    {
        var account = await FleetAccount.CreateAsync(service);
        var backup = await account.BackUpAsync();
        await account.SetAsync(FleetAccount.New);
        var restore = await service.SucceedAsync(await account.BeginAsync(HttpMethod.Post, "/restores", new { backup_id = backup }));
        return new KillCase(account.Id, () => account.BeginAsync(HttpMethod.Delete, $"/restores/{restore}"), async operation =>
        {
            await account.AssertServesAsync(FleetAccount.New);
            return [await ReplacedAsync(operation)];
        });
    });

    [Theory]
    [MemberData(nameof(NewAccountPoints))]
    public Task A_restore_into_a_new_account_goes_on_after_its_process_was_killed(string points) => KillPoints.KillAsync(service, points, async () =>
    {
        var account = await FleetAccount.CreateAsync(service);
        var backup = await account.BackUpAsync();
        await account.SetAsync(FleetAccount.New);
        var beside = new FleetAccount(service, FleetAccount.NewId());
        return new KillCase(account.Id, () => account.BeginAsync(HttpMethod.Post, "/restores", new { backup_id = backup, into = beside.Id }), async _ =>
        {
            await beside.AssertServesAsync(FleetAccount.Old);
            await account.AssertServesAsync(FleetAccount.New);
            return [];
        });
    });

    [Fact]
    public async Task A_restore_whose_process_is_killed_while_it_fills_its_database_goes_on()
    {
        KillPoints.SkipUnlessAll();
        await service.RunAsync();
        var slow = await SlowRestore.MakeAsync(service);
        var before = await Leftovers.ReadAsync(service);
        await slow.BeginAsync();

        await service.First.KillAsync();
        await service.First.StartAsync();

        var operation = await service.SucceedAsync(slow.Operation);
        await slow.Account.AssertServesAsync(FleetAccount.Old);
        await Leftovers.AssertNoneAsync(service, before, [await ReplacedAsync(operation)]);
    }

    /// <summary>It is kept for a time.</summary>
    private async Task<string> ReplacedAsync(Guid operation)
    {
        Assert.True(await service.ScalarAsync<bool>($"SELECT EXISTS (SELECT FROM pg_database WHERE datname = '_{operation:N}r')"), "what was replaced is kept");
        return $"database _{operation:N}r";
    }
}
