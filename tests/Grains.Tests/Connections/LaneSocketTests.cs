using Kataven.Grains.Connections;
using Kataven.Testing;
using Npgsql;

namespace Kataven.Grains.Tests.Connections;

public sealed class LaneSocketTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lane_whose_process_said_its_last_word_in_one_breath_with_an_answer_is_not_silent()
    {
        var server = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        using var relay = new HeldRelay(server.Host!, server.Port);
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Host = "127.0.0.1", Port = relay.Port, Pooling = false });
        var lane = new Lane(await source.OpenConnectionAsync(Cancelled), "somebody");
        await using (var command = new NpgsqlCommand("SELECT 1", lane.Connection))
        {
            await command.ExecuteScalarAsync(Cancelled);
        }

        Assert.True(lane.IsSilent);

        relay.Hold();
        var reset = lane.ResetAsync(Cancelled);
        await Eventually.Async(
            async () => await ScalarAsync<long>($"SELECT count(*) FROM pg_stat_activity WHERE pid = {lane.ProcessId} AND state = 'idle' AND query LIKE '%setseed%'") == 1,
            Patience,
            "the server has answered");
        Assert.True(await ScalarAsync<bool>($"SELECT pg_terminate_backend({lane.ProcessId})"));
        await relay.Ended.WaitAsync(Patience, Cancelled);
        await relay.ReleaseAsync();

        await reset.WaitAsync(Patience, Cancelled);
        Assert.False(lane.IsSilent);
        await lane.DropAsync();
    }

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Cancelled))!;
    }
}
