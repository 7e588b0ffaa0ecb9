using Npgsql;

namespace Kataven.Grains.Accounts;

/// <summary>
/// Two sessions that change the same row of a catalog: PostgreSQL does not wait there, the second gives up. An account may change
/// what is its own at any moment, so what the service does to the same rows is tried again.
/// </summary>
internal static class CatalogRace
{
    private const int Tries = 20;

    /// <summary>A pause is up to so long: both sides begin anew at another moment.</summary>
    private const int PauseMilliseconds = 50;

    public static bool Is(PostgresException exception) => exception.SqlState switch
    {
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => true,
        PostgresErrorCodes.DuplicateSchema or PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UndefinedObject => true,
        PostgresErrorCodes.UniqueViolation => exception.SchemaName == "pg_catalog",
        // "tuple concurrently updated", or deleted: it has no code of its own.
        PostgresErrorCodes.InternalError => exception.MessageText.StartsWith("tuple concurrently ", StringComparison.Ordinal),
        _ => false,
    };

    /// <param name="act">Runs whole or not at all, or looks before it acts.</param>
    /// <param name="cancellation">Ends the waiting between two tries.</param>
    public static async Task OutlastAsync(Func<Task> act, CancellationToken cancellation)
    {
        for (var left = Tries; ; left--)
        {
            try
            {
                await act().ConfigureAwait(false);
                return;
            }
            catch (PostgresException exception) when (left > 1 && Is(exception))
            {
                await Task.Delay(Random.Shared.Next(1, PauseMilliseconds), cancellation).ConfigureAwait(false);
            }
        }
    }
}
