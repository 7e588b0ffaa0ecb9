using System.Diagnostics;
using Kataven.Postgres.Embedded;
using Kataven.Testing;
using Npgsql;

namespace Kataven.Chaos.Processes;

/// <summary>A PostgreSQL server of the run's own, whose acknowledged commits survive whatever is done to its processes.</summary>
internal sealed class ChaosServer : IAsyncDisposable
{
    private readonly EmbeddedPostgres _server;

    private ChaosServer(EmbeddedPostgres server) => _server = server;

    public int Port => _server.Port;

    /// <summary>What the service logs in with.</summary>
    public string ConnectionString => _server.ConnectionString;

    public static async Task<ChaosServer> StartAsync() => new(await EmbeddedPostgres.StartAsync(ThrowawayServer.Options(maxConnections: 150) with
    {
        Settings = new Dictionary<string, string>
        {
            // The machine stays up, so what PostgreSQL has handed to the kernel is safe without fsync; what it has not is not.
            ["synchronous_commit"] = "on",
            ["full_page_writes"] = "on",
            // Tells when each row was committed.
            ["track_commit_timestamp"] = "on",
        },
    }));

    /// <summary>Ends it so that its next start has to recover, or in order; and starts it again.</summary>
    public async Task RestartAsync(bool immediate)
    {
        if (immediate)
        {
            using var kill = Process.Start("kill", ["-QUIT", $"{_server.Pid}"]);
            await kill.WaitForExitAsync();
        }

        await _server.StopAsync();
        await _server.StartAgainAsync();
    }

    /// <summary>A superuser's connection, not pooled.</summary>
    public async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Database = database, Pooling = false, ApplicationName = "chaos" }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Does it as a superuser, again while the server is away; what it does must bear to be done twice.</summary>
    public async Task<T> RepeatAsync<T>(string database, Func<NpgsqlConnection, Task<T>> work)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await using var connection = await OpenAsync(database);
                return await work(connection);
            }
            catch (Exception exception) when (tries < 600 && IsAway(exception))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }

    public static bool IsAway(Exception exception) =>
        exception is PostgresException { SqlState: "57P01" or "57P02" or "57P03" } or NpgsqlException and not PostgresException or IOException;

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
