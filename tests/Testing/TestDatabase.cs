using Npgsql;

namespace Kataven.Testing;

/// <summary>A database of one test, dropped with it.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _server;

    private TestDatabase(string server, string name)
    {
        _server = server;
        Name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = name, Pooling = false }.ConnectionString;
    }

    public string Name { get; }

    public string ConnectionString { get; }

    internal static async Task<TestDatabase> CreateAsync(string server, string prefix)
    {
        var database = new TestDatabase(server, $"{prefix}_{Guid.NewGuid():N}");

        // template0, because template1 cannot be copied while anybody is connected to it.
        await database.OnServerAsync($"CREATE DATABASE \"{database.Name}\" TEMPLATE template0");
        return database;
    }

    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public async ValueTask DisposeAsync() => await OnServerAsync($"DROP DATABASE IF EXISTS \"{Name}\" WITH (FORCE)");

    private async Task OnServerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_server);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
