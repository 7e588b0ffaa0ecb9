using Kataven.Testing;

namespace Kataven.Cluster.Tests.Operations;

[Collection<OperationsCollection>]
public sealed class TwoSilosKillTests(KilledService service)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Another_silo_goes_on_with_a_restore_whose_silo_was_killed()
    {
        await service.RunAsync(both: true);
        var slow = await SlowRestore.MakeAsync(service);
        var before = await Leftovers.ReadAsync(service);
        ServiceNode other;
        await using (var stop = await StopPoint.ArmAsync(service, slow.Account.Id, "restore.swap"))
        {
            await slow.BeginAsync();
            var (owner, another) = Owner(await stop.ReachedAsync());
            other = another;
            await owner.KillAsync();
        }

        await service.SucceedAsync(slow.Operation);
        Assert.Contains($"{slow.Operation}", other.Output, StringComparison.Ordinal);
        await service.RunAsync();
        await slow.Account.AssertServesAsync(FleetAccount.Old);
        await Leftovers.AssertNoneAsync(service, before, [$"database _{slow.Operation:N}r"]);
    }

    [Fact]
    public async Task A_silo_that_froze_in_a_restore_and_wakes_takes_nothing_from_the_one_that_goes_on_with_it()
    {
        await service.RunAsync(both: true);
        var slow = await SlowRestore.MakeAsync(service);
        var before = await Leftovers.ReadAsync(service);
        await using (var filled = await StopPoint.ArmAsync(service, slow.Account.Id, "restore.compare"))
        {
            await slow.BeginAsync();
            var frozen = Owner(await SlotPortAsync()).Owner;
            await frozen.Process.FreezeAsync();
            try
            {
                // The other one has made the database anew, under the same name.
                await filled.ReachedAsync();
            }
            finally
            {
                await frozen.Process.WakeAsync();
            }

            await Eventually.Async(
                () => !frozen.IsRunning || frozen.Output.Contains("is somebody else's now", StringComparison.Ordinal), Patience, "it has noticed");
            await filled.LetGoAsync();
            await service.SucceedAsync(slow.Operation);
            // It may be about to end, since the cluster goes on without it.
            await frozen.EndAsync();
        }

        // Had it removed anything, a third attempt would have had to make it anew.
        Assert.Equal(2, await service.ScalarAsync<int>($"SELECT attempt FROM kataven.operation WHERE operation_id = '{slow.Operation}'"));

        await service.RunAsync();
        await slow.Account.AssertServesAsync(FleetAccount.Old);
        await Leftovers.AssertNoneAsync(service, before, [$"database _{slow.Operation:N}r"]);
    }

    [Fact]
    public async Task A_silo_that_froze_in_a_backup_and_wakes_does_not_replace_the_file_of_the_one_that_went_on_with_it()
    {
        KillPoints.SkipUnlessAll();
        await service.RunAsync(both: true);
        var account = await FleetAccount.CreateAsync(service);
        var before = await Leftovers.ReadAsync(service);
        Guid backup;
        ServiceNode frozen;
        await using (var stop = await DumpStop.ArmAsync(service, account))
        {
            backup = await account.BeginAsync(HttpMethod.Post, "/backups");
            await stop.ReachedAsync();
            frozen = Owner(await SlotPortAsync()).Owner;
            await frozen.Process.FreezeAsync();
        }

        try
        {
            await service.SucceedAsync(backup);
        }
        finally
        {
            await frozen.Process.WakeAsync();
        }

        await Eventually.Async(
            () => !frozen.IsRunning || frozen.Output.Contains("is somebody else's now", StringComparison.Ordinal), Patience, "it has noticed");
        await frozen.EndAsync();
        await service.RunAsync();
        await account.AssertRestoresAsync(backup);
        await Leftovers.AssertNoneAsync(service, before, []);
    }

    private (ServiceNode Owner, ServiceNode Other) Owner(int port) =>
        service.First.Process.HasPort(port) ? (service.First, service.Second)
        : service.Second.Process.HasPort(port) ? (service.Second, service.First)
        : throw new InvalidOperationException("Neither of them.");

    /// <summary>Who dumps or fills a database has a slot for it.</summary>
    private Task<int> SlotPortAsync() => service.ScalarAsync<int>("""
        SELECT a.client_port FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.classid = 1801548898 AND l.granted
        """);
}
