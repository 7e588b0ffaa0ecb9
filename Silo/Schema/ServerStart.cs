using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kataven.Silo.Schema;

/// <summary>Tries again while the server starts or cannot be reached; every other failure ends the start at once.</summary>
internal static class ServerStart
{
    public static async Task RetryAsync(
        Func<Task> attempt, SystemSchemaOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var clock = options.TimeProvider;
        var started = clock.GetTimestamp();
        var lastReason = "";
        while (true)
        {
            try
            {
                await attempt();
                return;
            }
            catch (Exception failure) when (IsNotUpYet(failure))
            {
                if (clock.GetElapsedTime(started) >= options.StartDeadline)
                    throw new TimeoutException($"PostgreSQL did not answer within {options.StartDeadline}: {failure.Message}", failure);
                if (failure.Message != lastReason)
                    SystemSchema.LogWaitingForServer(logger, options.StartDeadline, lastReason = failure.Message);
            }

            await Task.Delay(options.RetryDelay, clock, cancellationToken);
        }
    }

    internal static bool IsNotUpYet(Exception failure) => failure switch
    {
        PostgresException { SqlState: var state } => state is PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.TooManyConnections
            // "tuple concurrently updated": another process closes the same database in this moment.
            or PostgresErrorCodes.InternalError
            // A database of that name, or the template, is being created or copied by somebody else.
            or PostgresErrorCodes.ObjectInUse,
        NpgsqlException reached => reached.IsTransient || reached.InnerException is SocketException or IOException or TimeoutException,
        // A host name that does not resolve yet, as in a composition whose server starts last.
        SocketException or TimeoutException => true,
        _ => false,
    };
}
