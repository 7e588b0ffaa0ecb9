using Kataven.Cluster.Tests.Silos;
using Kataven.Operations;

namespace Kataven.Cluster.Tests.Tenants;

[Collection<HeldSilosCollection>]
public sealed class FirstUseTests(HeldSilos silos)
{
    private const int Requests = 64;

    [Fact]
    public async Task An_account_that_is_behind_is_migrated_once_and_every_request_from_whichever_silo_finds_it_so()
    {
        await silos.WholeAsync();
        var account = await silos.NewBehindAsync();
        var together = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var requests = Enumerable.Range(0, Requests).Select(async i =>
        {
            await together.Task;
            await account.DoneAsync($"INSERT INTO item (id, price) VALUES ({i}, 7)", silo: i);
        }).ToArray();

        together.SetResult();
        await Task.WhenAll(requests);

        Assert.Equal("2 3 4", await account.ValueAsync("SELECT string_agg(version::text, ' ' ORDER BY version) FROM ran"));
        Assert.Equal($"{Requests}", await account.ValueAsync("SELECT count(*) FROM item WHERE price = 7"));
        Assert.Equal(1, await silos.Server.ScalarAsync<long>(
            "SELECT count(*) FROM kataven.operation WHERE account_id = $1 AND kind = $2", account.Id.Value, OperationKind.Migration));
    }
}
