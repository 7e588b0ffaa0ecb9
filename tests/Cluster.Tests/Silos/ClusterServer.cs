using Kataven.Silo.Schema;
using Kataven.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Kataven.Cluster.Tests.Silos;

/// <summary>A server with a system database. Clusters may share it, as long as no two of them hold the same account.</summary>
public sealed class ClusterServer : IAsyncLifetime
{
    public const string SystemDatabaseName = "system";

    private readonly PrivatePostgresFixture _postgres = new();
    private NpgsqlDataSource? _system;

    public string ConnectionString => _postgres.ConnectionString;

    /// <summary>As an operator would write it.</summary>
    public string ServiceConnectionString => _postgres.Server.ConnectionString;

    /// <summary>For Orleans' own providers, which find their tables by their bare names.</summary>
    public string OrleansConnectionString => new NpgsqlConnectionStringBuilder(ServiceConnectionString)
    {
        Database = SystemDatabaseName,
        SearchPath = "orleans",
        MaxPoolSize = 2,
    }.ConnectionString;

    public int Port => new NpgsqlConnectionStringBuilder(ConnectionString).Port;

    private NpgsqlDataSource System => _system ?? throw new InvalidOperationException("The fixture has not been started.");

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        await SystemSchema.EnsureAsync(ConnectionString, NullLogger.Instance, CancellationToken.None);
        _system = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionString)
        {
            Database = SystemDatabaseName,
            ApplicationName = "test",
            Pooling = true,
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_system is not null)
        {
            await _system.DisposeAsync();
        }

        await _postgres.DisposeAsync();
    }

    /// <summary>As somebody who knows nothing of the service would change its system database.</summary>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using var command = System.CreateCommand(sql);
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql, params object[] parameters)
    {
        await using var command = System.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter });
        }

        return (T)(await command.ExecuteScalarAsync())!;
    }

    public Task<long> ConnectionsOfAsync(string role) =>
        ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE usename = $1", role);
}
