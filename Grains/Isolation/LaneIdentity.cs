using System.Globalization;
using Kataven.Grains.Connections;
using Npgsql;

namespace Kataven.Grains.Isolation;

/// <summary>Asks a connection of an account's role where it is.</summary>
internal static class LaneIdentity
{
    /// <summary>What was found, or null where the database has no stamp.</summary>
    public static async Task<Identity?> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            await using var batch = new NpgsqlBatch(connection);
            NpgsqlInternals.AskForText(batch, true);
            batch.BatchCommands.Add(new(Identity.Question));
            await using var reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            return await reader.ReadAsync(cancellation).ConfigureAwait(false)
                ? new Identity(reader.GetString(0), reader.GetString(1), Guid.Parse(reader.GetString(2)), Number(reader, 3), Number(reader, 4))
                : null;
        }
        catch (PostgresException exception) when (exception.SqlState is
            PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.InsufficientPrivilege)
        {
            return null;
        }
    }

    private static int Number(NpgsqlDataReader reader, int column) => int.Parse(reader.GetString(column), CultureInfo.InvariantCulture);
}
