using System.Net;

namespace Kataven.Cluster.Tests.Operations;

[Collection<OperationsCollection>]
public sealed class EndedOperationTests(KilledService service)
{
    [Theory]
    [InlineData("restore.compare")]
    [InlineData("restore.swap")]
    public async Task A_suspension_ends_a_restore_and_a_resumed_account_has_its_old_data(string point)
    {
        await service.RunAsync();
        var account = await FleetAccount.CreateAsync(service);
        var backup = await account.BackUpAsync();
        await account.SetAsync(FleetAccount.New);
        var before = await Leftovers.ReadAsync(service);
        await using (var stop = await StopPoint.ArmAsync(service, account.Id, point))
        {
            var operation = await account.BeginAsync(HttpMethod.Post, "/restores", new { backup_id = backup });
            await stop.ReachedAsync();
            var (status, body) = await service.First.AdminAsync(HttpMethod.Put, $"/accounts/{account.Id}/suspension", new { reason = "unpaid" });
            Assert.True(status == HttpStatusCode.OK, $"{status} {body}");
            Assert.StartsWith("account_inactive", await service.EndAsync(operation), StringComparison.Ordinal);
        }

        await Leftovers.AssertNoneAsync(service, before, []);
        Assert.Equal(HttpStatusCode.OK, (await service.First.AdminAsync(HttpMethod.Delete, $"/accounts/{account.Id}/suspension")).Status);
        await account.AssertServesAsync(FleetAccount.New);
    }

    [Theory]
    [InlineData("clone.copy")]
    [InlineData("account.place")]
    public async Task A_deletion_ends_a_clone_of_the_account_and_nothing_of_it_is_left(string point)
    {
        await service.RunAsync();
        var before = await Leftovers.ReadAsync(service);
        var account = await FleetAccount.CreateAsync(service);
        var clone = FleetAccount.NewId();
        await using (var stop = await StopPoint.ArmAsync(service, account.Id, point))
        {
            var operation = await account.BeginAsync(HttpMethod.Post, "/clones", new { account_id = clone, account_name = "Clone" });
            await stop.ReachedAsync();
            var (status, body) = await service.First.AdminAsync(HttpMethod.Delete, $"/accounts/{account.Id}?confirm={account.Id}");
            Assert.True(status == HttpStatusCode.NoContent, $"{status} {body}");
            Assert.StartsWith("account_inactive", await service.EndAsync(operation), StringComparison.Ordinal);
        }

        Assert.Equal(0, await service.ScalarAsync<long>($"SELECT count(*) FROM pg_database WHERE datname IN ('{account.Id}', '{clone}')"));
        Assert.Equal(0, await service.ScalarAsync<long>($"SELECT count(*) FROM public.accounts WHERE account_id IN ('{account.Id}', '{clone}')"));
        await Leftovers.AssertNoneAsync(service, before, []);
    }
}
