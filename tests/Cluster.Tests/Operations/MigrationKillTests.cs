using Kataven.Testing;
using Npgsql;

namespace Kataven.Cluster.Tests.Operations;

[Collection<OperationsCollection>]
public sealed class MigrationKillTests(KilledService service)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    public static TheoryData<string> Points => KillPoints.Of(
        ["migrate.record:1|migrate.record:2"], "migrate.hold|migrate.settle", "migrate.run:1|migrate.intent:1", "migrate.commit:1|end", "migrate.run:2|migrate.intent:2");

    [Theory]
    [MemberData(nameof(Points))]
    public Task A_migration_goes_on_after_its_process_was_killed(string points) => KillPoints.KillAsync(service, points, async () =>
    {
        var account = await FleetAccount.AdoptAsync(service);
        return new KillCase(account.Id, () => MigrateAsync(account), async operation =>
        {
            await AssertMigratedAsync(account, operation);
            return [];
        });
    });

    [Fact]
    public async Task A_migration_whose_process_is_killed_while_it_builds_an_index_leaves_no_invalid_one_and_builds_it()
    {
        await service.RunAsync();
        var account = await FleetAccount.AdoptAsync(service);
        var before = await Leftovers.ReadAsync(service);
        Task begun;
        await using (var stop = await StopPoint.ArmAsync(service, account.Id, "migrate.intent:2"))
        {
            begun = MigrateAsync(account);
            await stop.ReachedAsync();
            await using var connection = await service.OpenAsync(account.Id);
            await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using var write = new NpgsqlCommand("INSERT INTO note VALUES (2, 'second')", connection, transaction);
            await write.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            await stop.LetGoAsync();
            await Eventually.Async(
                async () => await service.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_index WHERE NOT indisvalid)", account.Id), Patience, "the index is being built");
            await service.First.KillAsync();
        }

        await begun.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await service.First.StartAsync();
        await AssertMigratedAsync(account, await service.SucceedAsync(await service.OperationOfAsync(account.Id)));
        await Leftovers.AssertNoneAsync(service, before, []);
    }

    private async Task MigrateAsync(FleetAccount account) => await service.First.AdminAsync(HttpMethod.Post, $"/accounts/{account.Id}/migrations", new { });

    private async Task AssertMigratedAsync(FleetAccount account, Guid operation)
    {
        await MigratedAccount.AssertAsync(service, account);
        Assert.Equal("1,2", await service.ScalarAsync<string>($"""
            SELECT string_agg(a ->> 'version', ',') FROM kataven.operation, jsonb_array_elements(result -> 'applied') a WHERE operation_id = '{operation}'
            """));
    }
}
