using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kataven.Silo.Schema;

/// <summary>
/// Makes the system database what this build needs: the database itself, closed to every other role, and the numbered
/// scripts, each applied once. Any number of processes may do so at the same time.
/// </summary>
public static partial class SystemSchema
{
    /// <inheritdoc cref="EnsureAsync(string, SystemSchemaOptions, ILogger, CancellationToken)"/>
    public static Task EnsureAsync(string connectionString, ILogger logger, CancellationToken cancellationToken)
        => EnsureAsync(connectionString, new SystemSchemaOptions(), logger, cancellationToken);

    /// <summary>Returns when the schema is there. The role needs <c>CREATEDB</c>, or to own the database, and no more.</summary>
    /// <param name="connectionString">The server and the role; its database counts only where <c>postgres</c> cannot be used to create from.</param>
    /// <exception cref="InvalidOperationException">A script that was applied has changed since.</exception>
    /// <exception cref="TimeoutException">The server did not answer within the deadline.</exception>
    /// <exception cref="PostgresException">The server refused, which trying again would not change.</exception>
    public static Task EnsureAsync(
        string connectionString, SystemSchemaOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var server = new SystemServer(connectionString, options.DatabaseName, logger);
        return ServerStart.RetryAsync(() => EnsureOnceAsync(server, logger, cancellationToken), options, logger, cancellationToken);
    }

    private static async Task EnsureOnceAsync(SystemServer server, ILogger logger, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenOrCreateAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await SchemaUpgrade.LockAsync(transaction, cancellationToken);
        await PublicAccess.CloseAsync(transaction, logger, cancellationToken);
        await SchemaUpgrade.ApplyAsync(transaction, SchemaScript.Embedded, logger, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
