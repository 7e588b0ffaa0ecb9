using Kataven.Silo.Schema;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Kataven.Silo.Tests.Schema;

/// <summary>A system database of one test, under a name of its own, dropped with it.</summary>
internal sealed class SystemDatabase(string server) : IAsyncDisposable
{
    public string Name { get; } = $"system_{Guid.NewGuid():N}";

    public SystemSchemaOptions Options => new() { DatabaseName = Name };

    public string ConnectionString => new NpgsqlConnectionStringBuilder(server) { Database = Name, Pooling = false }.ConnectionString;

    public static async Task<SystemDatabase> CreateAsync(string server)
    {
        var database = new SystemDatabase(server);
        await database.EnsureAsync();
        return database;
    }

    public Task EnsureAsync(ILogger? logger = null)
        => SystemSchema.EnsureAsync(server, Options, logger ?? NullLogger.Instance, TestContext.Current.CancellationToken);

    public async Task<NpgsqlConnection> OpenAsync(string? connectionString = null)
    {
        var connection = new NpgsqlConnection(connectionString ?? ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    public Task<int> ExecuteAsync(string sql) => WithCommandAsync(ConnectionString, sql, command => command.ExecuteNonQueryAsync());

    public async Task<T> ScalarAsync<T>(string sql)
        => (T)(await WithCommandAsync(ConnectionString, sql, command => command.ExecuteScalarAsync()))!;

    public Task<int> OnServerAsync(string sql) => WithCommandAsync(server, sql, command => command.ExecuteNonQueryAsync());

    public async ValueTask DisposeAsync() => await OnServerAsync($"DROP DATABASE IF EXISTS {Name} WITH (FORCE)");

    private async Task<T> WithCommandAsync<T>(string connectionString, string sql, Func<NpgsqlCommand, Task<T>> run)
    {
        await using var connection = await OpenAsync(connectionString);
        await using var command = new NpgsqlCommand(sql, connection);
        return await run(command);
    }
}
