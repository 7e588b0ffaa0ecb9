using Kataven.Cluster;
using Kataven.Rollouts;
using Kataven.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Kataven.Cluster.Tests.Rollouts;

public sealed class RolloutCrashTests(RolloutSilos silos) : IClassFixture<RolloutSilos>
{
    private static readonly TimeSpan Patience = Promised.Within(seconds: 20);

    private static readonly string[] All = [.. Enumerable.Range(0, 12).Select(i => $"a{i:00}")];

    [Fact]
    public async Task It_goes_on_after_its_silo_is_gone_with_nobody_passed_over_and_nobody_twice()
    {
        await silos.ResetAsync(All);
        silos.Accounts.Hold(All[4..]);
        var rollout = await silos.StartAsync(RolloutSilos.Request(waveSize: 8, parallelism: 3));
        await RolloutSilos.WaitAsync(rollout, state => state.Succeeded == 4, "four are done");
        await silos.BegunAsync("a04", "a05", "a06");
        Assert.Equal(1, await RemindersAsync());
        var sent = silos.Cluster.Services(0).GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Version.Value;

        await KillSiloOfAsync(rollout);
        silos.Accounts.Release(All[4..]);
        rollout = silos.Grain(rollout.GetPrimaryKey());
        // Nobody but the reminder asks for it.
        await Eventually.Async(() => IsRemindedAsync(rollout, sent), Patience, "another silo answers");
        await Eventually.Async(async () => await DoneAsync() == All.Length, Patience, "all are done");
        var ended = await RolloutSilos.EndAsync(rollout);

        Assert.Equal((RolloutStatus.Succeeded, All.Length, 0, 0), (ended.Status, ended.Succeeded, ended.Failed, ended.Pending));
        Assert.Equal(All, silos.Accounts.Applied.Order());
        Assert.Equal(4, await silos.Server.ScalarAsync<long>("SELECT count(*) FROM kataven.operation WHERE account_id < 'a04'"));
        await Eventually.Async(async () => await RemindersAsync() == 0, Patience, "its reminder is gone");
    }

    private async Task KillSiloOfAsync(IRolloutGrain rollout)
    {
        var address = await silos.Cluster.From(0).GetGrain<IManagementGrain>(0).GetActivationAddress(rollout);
        var silo = Enumerable.Range(0, silos.Cluster.Count).Single(silo => Details(silo).SiloAddress.Equals(address));
        silos.Accounts.Kill(Details(silo).Name);
        await silos.Cluster.KillAsync(silo);
    }

    private ILocalSiloDetails Details(int silo) => silos.Cluster.Services(silo).GetRequiredService<ILocalSiloDetails>();

    private Task<long> RemindersAsync() =>
        silos.Server.ScalarAsync<long>("SELECT count(*) FROM orleans.OrleansRemindersTable WHERE ReminderName = 'go on'");

    private Task<long> DoneAsync() => silos.Server.ScalarAsync<long>("SELECT count(*) FROM kataven.rollout_account");

    /// <summary>By a call from before the loss, which says nothing of what the grain sends when it goes on.</summary>
    private static async Task<bool> IsRemindedAsync(IRolloutGrain rollout, long sent)
    {
        SenderMembership.Set(sent);
        try
        {
            await rollout.Cast<IRemindable>().ReceiveReminder("go on", default);
            return true;
        }
        catch (Exception exception) when (exception is OrleansException or TimeoutException)
        {
            return false;
        }
    }
}
