using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kataven.Silo.Schema;

/// <summary>Opens the system database, and creates it where it is missing.</summary>
internal sealed class SystemServer(string connectionString, string databaseName, ILogger logger)
{
    public async Task<NpgsqlConnection> OpenOrCreateAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await OpenAsync(databaseName, cancellationToken);
        }
        catch (PostgresException missing) when (missing.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            await CreateAsync(cancellationToken);
            return await OpenAsync(databaseName, cancellationToken);
        }
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenNeighbourAsync(cancellationToken);
        var quoted = new NpgsqlCommandBuilder().QuoteIdentifier(databaseName);
        try
        {
            // template0, because what an operator put into template1 is not ours to copy, and only it takes another encoding.
            await ExecuteAsync(connection, $"CREATE DATABASE {quoted} TEMPLATE template0 ENCODING 'UTF8'", cancellationToken);
            SystemSchema.LogCreatedDatabase(logger, databaseName);
            await ExecuteAsync(connection, $"REVOKE ALL ON DATABASE {quoted} FROM PUBLIC", cancellationToken);
        }
        catch (PostgresException taken) when (taken.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another process was first: the database is there, which is all that was wanted.
        }
    }

    /// <summary>A database to create from: <c>postgres</c>, else the one that the connection string names.</summary>
    private async Task<NpgsqlConnection> OpenNeighbourAsync(CancellationToken cancellationToken)
    {
        var named = new NpgsqlConnectionStringBuilder(connectionString).Database;
        try
        {
            return await OpenAsync("postgres", cancellationToken);
        }
        catch (PostgresException closed) when (
            closed.SqlState is PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.InsufficientPrivilege
            && !string.IsNullOrEmpty(named) && named != "postgres" && named != databaseName)
        {
            return await OpenAsync(named, cancellationToken);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(string database, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(SettingsFor(database));
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private string SettingsFor(string database)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Database = database,
            ApplicationName = "kataven-schema",
            // One connection, closed when done, that finds nothing by a bare name but PostgreSQL's own.
            Pooling = false,
            SearchPath = "pg_catalog, pg_temp",
            // It may wait for another process that is applying the same scripts.
            CommandTimeout = 0,
        };
        // The default tries each refused connection twice.
        if (!given.ContainsKey("GSS Encryption Mode"))
            settings.GssEncryptionMode = GssEncryptionMode.Disable;
        return settings.ConnectionString;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
