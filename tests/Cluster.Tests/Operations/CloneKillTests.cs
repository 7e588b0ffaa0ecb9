namespace Kataven.Cluster.Tests.Operations;

[Collection<OperationsCollection>]
public sealed class CloneKillTests(KilledService service)
{
    public static TheoryData<string> CopyPoints => KillPoints.Of(["clone.hand_over|end"], "account.reserve|clone.hold", "clone.copy|account.place", "account.activate");

    public static TheoryData<string> DumpPoints => KillPoints.Of(["restore.compare|account.place"], "backup.dump|restore.make", "restore.fill|account.activate");

    /// <summary>Changes of the new account's row.</summary>
    public static TheoryData<string> RowPoints => KillPoints.Of(["row.credential"], "row.reserve", "row.role", "row.stamp", "row.active");

    [Theory]
    [MemberData(nameof(CopyPoints))]
    public Task A_clone_by_a_copy_goes_on_after_its_process_was_killed(string points) => KillPoints.KillAsync(service, points, () => MakeAsync(isLarge: false));

    [Theory]
    [MemberData(nameof(DumpPoints))]
    public Task A_clone_by_a_dump_goes_on_after_its_process_was_killed(string points) => KillPoints.KillAsync(service, points, () => MakeAsync(isLarge: true));

    private async Task<KillCase> MakeAsync(bool isLarge)
    {
        var account = await FleetAccount.CreateAsync(service, isLarge);
        var clone = new FleetAccount(service, FleetAccount.NewId());
        return new KillCase(account.Id, () => account.BeginAsync(HttpMethod.Post, "/clones", new { account_id = clone.Id, account_name = "Clone" }), async operation =>
        {
            var method = await service.ScalarAsync<string>($"SELECT result ->> 'method' || coalesce(result ->> 'hold_ms', '?') FROM kataven.operation WHERE operation_id = '{operation}'");
            Assert.Matches(isLarge ? "^dump0$" : "^template[0-9]+$", method);
            await clone.AssertServesAsync(FleetAccount.Old);
            await account.AssertServesAsync(FleetAccount.Old);
            Assert.Equal(isLarge ? "200000" : "", isLarge ? await clone.RunAsync("SELECT count(*) FROM large") : "");
            return [];
        });
    }

    [Theory]
    [MemberData(nameof(RowPoints))]
    public async Task A_clone_goes_on_after_its_process_was_killed_at_a_change_of_the_new_accounts_row(string point)
    {
        await service.RunAsync();
        var account = await FleetAccount.CreateAsync(service);
        var clone = new FleetAccount(service, FleetAccount.NewId());
        var before = await Leftovers.ReadAsync(service);
        await using (var stop = await StopPoint.ArmAsync(service, clone.Id, point))
        {
            await account.BeginAsync(HttpMethod.Post, "/clones", new { account_id = clone.Id, account_name = "Clone" });
            await stop.ReachedAsync();
            await service.First.KillAsync();
        }

        await service.First.StartAsync();
        await service.SucceedAsync(await service.OperationOfAsync(account.Id));
        await clone.AssertServesAsync(FleetAccount.Old);
        await Leftovers.AssertNoneAsync(service, before, []);
    }
}
