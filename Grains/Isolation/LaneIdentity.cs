using System.Globalization;
using Kataven.Grains.Connections;
using Npgsql;

namespace Kataven.Grains.Isolation;

/// <summary>What a connection of an account's role says about where it is.</summary>
/// <param name="Found">The stamp, or null where the database has none.</param>
/// <param name="Owner">Who owns the account, as <see cref="OwnerMark"/> has it; null where nobody ever did.</param>
internal readonly record struct LaneIdentity(Identity? Found, string? Owner)
{
    /// <summary>The operator is named, because the account may have one of its own for every other.</summary>
    private const string OwnerQuestion =
        "SELECT r.rolvaliduntil FROM pg_catalog.pg_roles r WHERE r.rolname OPERATOR(pg_catalog.=) session_user";

    public static async Task<LaneIdentity> ReadAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        try
        {
            await using var batch = new NpgsqlBatch(connection);
            NpgsqlInternals.AskForText(batch, true);
            batch.BatchCommands.Add(new(OwnerQuestion));
            batch.BatchCommands.Add(new(Identity.Question));
            await using var reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            var owner = await reader.ReadAsync(cancellation).ConfigureAwait(false) && !await reader.IsDBNullAsync(0, cancellation).ConfigureAwait(false)
                ? reader.GetString(0)
                : null;
            await reader.NextResultAsync(cancellation).ConfigureAwait(false);
            var found = await reader.ReadAsync(cancellation).ConfigureAwait(false)
                ? new Identity(reader.GetString(0), reader.GetString(1), Guid.Parse(reader.GetString(2)), Number(reader, 3), Number(reader, 4))
                : null;
            return new LaneIdentity(found, owner);
        }
        catch (PostgresException exception) when (exception.SqlState is
            PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName or PostgresErrorCodes.InsufficientPrivilege)
        {
            return default;
        }
    }

    private static int Number(NpgsqlDataReader reader, int column) => int.Parse(reader.GetString(column), CultureInfo.InvariantCulture);
}
