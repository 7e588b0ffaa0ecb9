namespace Kataven.Cluster.Tests.Operations;

[Collection<OperationsCollection>]
public sealed class ProvisioningKillTests(KilledService service)
{
    /// <summary>Two accounts each, one killed at each change of its row.</summary>
    public static TheoryData<string> Points => KillPoints.Of(["row.stamp|row.active"], "row.reserve|row.credential", "row.role");

    [Theory]
    [MemberData(nameof(Points))]
    public async Task The_same_call_finishes_an_account_whose_making_was_killed(string points)
    {
        await service.RunAsync();
        var before = await Leftovers.ReadAsync(service);
        var accounts = new List<FleetAccount>();
        var stops = new List<StopPoint>();
        var calls = new List<Task>();
        try
        {
            foreach (var point in points.Split('|'))
            {
                var account = new FleetAccount(service, FleetAccount.NewId());
                accounts.Add(account);
                stops.Add(await StopPoint.ArmAsync(service, account.Id, point));
                calls.Add(account.ProvisionAsync());
                await stops[^1].ReachedAsync();
            }

            await service.First.KillAsync();
        }
        finally
        {
            foreach (var stop in stops)
            {
                await stop.DisposeAsync();
            }
        }

        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => call);
        }

        await service.First.StartAsync();
        foreach (var account in accounts)
        {
            await account.ProvisionAsync();
            await account.RunAsync("CREATE TABLE item (id integer PRIMARY KEY, name text)");
            await account.SetAsync(FleetAccount.Old);
            await MigratedAccount.AssertAsync(service, account);
            Assert.Equal(1, await service.ScalarAsync<long>($"SELECT count(*) FROM pg_database WHERE datname = '{account.Id}'"));
        }

        await Leftovers.AssertNoneAsync(service, before, []);
    }
}
