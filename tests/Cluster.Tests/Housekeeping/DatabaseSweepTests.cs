using Kataven.Cluster.Tests.Silos;
using Kataven.Housekeeping;
using Kataven.Testing;
using Npgsql;
using Orleans.Runtime;

namespace Kataven.Cluster.Tests.Housekeeping;

/// <summary>Databases that operations and comparisons of schemas left behind, beside those that stay.</summary>
[Collection<TwoSilosCollection>]
public sealed class DatabaseSweepTests(TwoSilos silos)
{
    private ClusterServer Server => silos.Server;

    private IHousekeepingGrain Housekeeping => silos.Cluster.From(0).GetGrain<IHousekeepingGrain>(0);

    [Fact]
    public async Task What_an_operation_that_is_over_left_is_removed_and_nothing_else()
    {
        string[] left =
        [
            Named(await OperationAsync("failed", "1 second")), Named(await OperationAsync("succeeded", "1 second")),
            Named(await OperationAsync("succeeded", "2 hours")) + "r", "_kataven_migrated_00112233445566aa",
        ];
        var running = await OperationAsync("running", "0 seconds");
        var opened = "_kataven_migrated_00112233445566bb";
        string[] stay = [Named(running), Named(await OperationAsync("succeeded", "1 second")) + "r", Named(Guid.NewGuid()), opened, "_kataven_migrated_by_hand", "sweep_other"];
        await MakeAsync([.. left, .. stay]);
        // Whoever looks for operations without a process would end it, and does not get it.
        await using var kept = await OpenAsync(ClusterServer.SystemDatabaseName, $"BEGIN; SELECT FROM kataven.operation WHERE operation_id = '{running}' FOR UPDATE");
        await using (await OpenAsync(opened, "SELECT 1"))
        {
            await Housekeeping.TidyAsync();
        }

        Assert.Empty(await ThereAsync(left));
        Assert.Equal(stay.Order(StringComparer.Ordinal), await ThereAsync(stay));
        await kept.DisposeAsync();
        await DropAsync(stay);
    }

    [Fact]
    public async Task One_that_is_being_made_to_compare_with_stays()
    {
        string[] made = ["_kataven_migrated_00112233445566cc"];
        await MakeAsync(made);
        await using (await OpenAsync(ClusterServer.SystemDatabaseName, $"SELECT pg_advisory_lock({Grains.Migrations.MigratedTemplate.Lock})"))
        {
            await Housekeeping.TidyAsync();
            Assert.Equal(made, await ThereAsync(made));
        }

        await Eventually.Async(
            async () =>
            {
                await Housekeeping.TidyAsync();
                return (await ThereAsync(made)).Length == 0;
            },
            Promised.Within(seconds: 5),
            "it is removed when nobody makes it any more");
    }

    [Fact]
    public async Task It_is_done_at_a_silos_start_and_when_the_reminder_comes()
    {
        string[] left = [Named(await OperationAsync("failed", "1 second"))];
        await MakeAsync(left);
        await Housekeeping.BeginAsync();
        await GoneAsync(left);

        await MakeAsync(left);
        await Housekeeping.AsReference<IRemindable>().ReceiveReminder("tidy up", default, TestContext.Current.CancellationToken);
        await GoneAsync(left);
    }

    private async Task<Guid> OperationAsync(string status, string ago)
    {
        var id = Guid.NewGuid();
        await Server.ExecuteAsync($"""
            INSERT INTO kataven.operation (operation_id, kind, account_id, status, arguments, actor, created_at, finished_at)
            VALUES ('{id}', 'restore', 'sweep', '{status}', '{"{}"}', 'sweep', now() - interval '3 hours', {(status == "running" ? "NULL" : $"now() - interval '{ago}'")})
            """);
        return id;
    }

    private static string Named(Guid operation) => $"_{operation:N}";

    private async Task MakeAsync(string[] databases)
    {
        foreach (var database in databases)
        {
            await Server.ExecuteAsync($"CREATE DATABASE \"{database}\" TEMPLATE template0");
        }
    }

    private async Task DropAsync(string[] databases)
    {
        foreach (var database in databases)
        {
            await Server.ExecuteAsync($"DROP DATABASE \"{database}\" WITH (FORCE)");
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(string database, string sql)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server.ConnectionString) { Database = database }.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private async Task<string[]> ThereAsync(string[] databases) =>
        await Server.ScalarAsync<string[]>("SELECT coalesce(array_agg(datname::text ORDER BY datname), '{}') FROM pg_database WHERE datname = ANY ($1)", [databases]);

    private Task GoneAsync(string[] databases) =>
        Eventually.Async(async () => (await ThereAsync(databases)).Length == 0, Promised.Within(seconds: 5), "what was left is removed");
}
