using System.Diagnostics;
using Kataven.Cluster.Tests.Silos;
using Kataven.Grains.Operations;
using Kataven.Operations;
using Kataven.Tenants;
using Kataven.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Kataven.Cluster.Tests.Tenants;

[Collection<HeldSilosCollection>]
public sealed class LostHolderTests(HeldSilos silos)
{
    private const int Waiting = 8;

    private static readonly TimeSpan Patience = Promised.Within(seconds: 20);

    /// <summary>Nobody releases the account: the operation's lease ends, before those who wait are refused.</summary>
    [Fact]
    public async Task Requests_that_wait_for_an_operation_whose_silo_is_killed_go_on_by_themselves()
    {
        var cluster = await silos.WholeAsync();
        silos.Operation = new HeldOperation();
        var account = await TestAccount.CreateAsync(cluster);
        var operation = cluster.From(0).GetGrain<IOperationGrain>(Guid.NewGuid());
        Assert.Null((await operation.StartAsync(new OperationRequest(HeldOperation.Kind, account.Id, "{}", [account.Id], "tester"))).Refusal);
        var holder = SiloOf(await silos.Operation.Begun);
        await OwnAsync(account, 1 - holder);
        var begun = Stopwatch.GetTimestamp();
        await silos.Operation.HoldAsync();
        var requests = Enumerable.Range(0, Waiting).Select(_ => account.ValueAsync("SELECT 7", silo: 1 - holder)).ToArray();
        await Eventually.Async(
            () => cluster.Pools(account.Id) is [(_, { State: PoolState.Held, Waiting: Waiting })], Patience, "they wait for the operation's end");

        await cluster.KillAsync(holder);

        Assert.All(await Task.WhenAll(requests), answer => Assert.Equal("7", answer));
        Assert.True(Stopwatch.GetElapsedTime(begun) > AccountHolds.Lease - TimeSpan.FromSeconds(0.5), "It was to be the lease that let them in, and nobody who released it.");
        await Eventually.Async(() => cluster.Pools(account.Id) is [(_, { State: PoolState.Serving, Waiting: 0 })], Patience, "nothing holds the account");
        Assert.Equal("running", await StatusAsync(operation));
        silos.Operation.LetEnd();
        await Eventually.Async(async () => await StatusAsync(operation) == "succeeded", Patience, "another silo goes on with the operation");
    }

    /// <summary>Has that silo own the account's connections.</summary>
    private async Task OwnAsync(TestAccount account, int silo)
    {
        await account.DoneAsync("SELECT 1", silo);
        if (Assert.Single(silos.Cluster.Pools(account.Id)).Silo != silo)
        {
            await silos.Cluster.MoveAsync(account, silo);
            await account.DoneAsync("SELECT 1", silo);
        }

        Assert.Equal(silo, Assert.Single(silos.Cluster.Pools(account.Id)).Silo);
    }

    private int SiloOf(string name) => Enumerable.Range(0, silos.Cluster.Count)
        .Single(silo => silos.Cluster.Services(silo).GetRequiredService<ILocalSiloDetails>().Name == name);

    private Task<string> StatusAsync(IOperationGrain operation) =>
        silos.Server.ScalarAsync<string>("SELECT status FROM kataven.operation WHERE operation_id = $1", operation.GetPrimaryKey());
}
