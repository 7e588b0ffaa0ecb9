using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kataven.Silo.Schema;

/// <summary>
/// Where a process that makes no schema, a front door, waits until a silo has made the one it needs. It knows the number
/// alone, not the scripts, and depends on nothing else in this folder.
/// </summary>
internal static partial class SchemaGate
{
    /// <summary>The newest script that this build knows. A test compares it with the scripts.</summary>
    public const int NewestVersion = 12;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <exception cref="TimeoutException">The schema was not there within the deadline.</exception>
    /// <exception cref="PostgresException">The server refused the role or its password.</exception>
    public static async Task WaitAsync(
        string connectionString, string databaseName, TimeSpan deadline, TimeProvider clock, ILogger logger,
        CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Database = databaseName,
            ApplicationName = "kataven-schema",
            Pooling = false,
            SearchPath = "pg_catalog, pg_temp",
        }.ConnectionString;
        var started = clock.GetTimestamp();
        var lastReason = "";
        while (await WhyNotAsync(settings, cancellationToken) is { } reason)
        {
            if (clock.GetElapsedTime(started) >= deadline)
                throw new TimeoutException($"The system database was not ready within {deadline}: {reason}. Is a silo running?");
            if (reason != lastReason)
                LogWaiting(logger, deadline, lastReason = reason);
            await Task.Delay(Pause, clock, cancellationToken);
        }
    }

    /// <summary>Null when the schema is there, else what is in the way.</summary>
    private static async Task<string?> WhyNotAsync(string settings, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(settings);
            await connection.OpenAsync(cancellationToken);
            await using var command = new NpgsqlCommand(
                "SELECT COALESCE(pg_catalog.max(version), 0) FROM kataven.schema_version", connection);
            var version = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
            return version >= NewestVersion ? null : $"its schema is at version {version}, {NewestVersion} is needed";
        }
        catch (PostgresException failure) when (!IsFinal(failure.SqlState))
        {
            return failure.Message;
        }
        catch (Exception failure) when (failure is SocketException or TimeoutException or NpgsqlException { InnerException: not null })
        {
            return failure.Message;
        }
    }

    /// <summary>A refused role, password or privilege is not waited out.</summary>
    private static bool IsFinal(string sqlState)
        => sqlState.StartsWith("28", StringComparison.Ordinal) || sqlState == PostgresErrorCodes.InsufficientPrivilege;
}
