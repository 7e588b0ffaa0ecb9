using Npgsql;

namespace Kataven.Bench.Measuring;

/// <summary>Counts again and again how many connections a contender has to PostgreSQL, on a connection of its own.</summary>
internal sealed class ConnectionSampler : IAsyncDisposable
{
    /// <summary>Rivals say who they are. The product's lanes and its own connections are all others.</summary>
    private const string Count = """
        SELECT count(*)::int, (count(*) FILTER (WHERE datname LIKE 'bench-%'))::int FROM pg_stat_activity
        WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
            AND CASE WHEN application_name LIKE 'bench-%' THEN substr(application_name, 7) ELSE 'product' END = $1
        """;

    private readonly NpgsqlConnection _connection;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sampling;
    private (int All, int Lanes) _most;

    private ConnectionSampler(NpgsqlConnection connection, string contender, TimeSpan interval)
    {
        _connection = connection;
        _sampling = SampleAsync(contender, interval);
    }

    public static async Task<ConnectionSampler> StartAsync(string connectionString, string contender, TimeSpan interval, CancellationToken cancellation)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, ApplicationName = "bench-" }.ConnectionString);
        await connection.OpenAsync(cancellation);
        return new ConnectionSampler(connection, contender, interval);
    }

    /// <summary>The most that were seen.</summary>
    public async Task<(int All, int Lanes)> EndAsync()
    {
        await _stop.CancelAsync();
        await _sampling;
        return _most;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await _connection.DisposeAsync();
        _stop.Dispose();
    }

    private async Task SampleAsync(string contender, TimeSpan interval)
    {
        await using var command = new NpgsqlCommand(Count, _connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = contender } } };
        await command.PrepareAsync();
        using var timer = new PeriodicTimer(interval);
        try
        {
            do
            {
                await using var reader = await command.ExecuteReaderAsync();
                await reader.ReadAsync();
                _most = (Math.Max(_most.All, reader.GetInt32(0)), Math.Max(_most.Lanes, reader.GetInt32(1)));
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
