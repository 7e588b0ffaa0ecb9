using Microsoft.Extensions.Logging;
using Npgsql;

namespace Kataven.Silo.Schema;

/// <summary>
/// Takes the databases that are no account's from PUBLIC, that is from every account's role: all of the system database,
/// and <c>CONNECT</c> on <c>postgres</c> and <c>template1</c>. What the role may not change is told, and the start goes on.
/// </summary>
internal static class PublicAccess
{
    private const string OpenDatabases = """
        SELECT d.datname, d.datname = pg_catalog.current_database(), pg_catalog.pg_has_role(d.datdba, 'USAGE')
        FROM pg_catalog.pg_database d
        WHERE d.datname IN (pg_catalog.current_database(), 'postgres', 'template1')
            AND EXISTS (
                SELECT FROM pg_catalog.aclexplode(COALESCE(d.datacl, pg_catalog.acldefault('d', d.datdba))) a
                WHERE a.grantee = 0
                    AND (a.privilege_type = 'CONNECT' OR d.datname = pg_catalog.current_database()))
        ORDER BY d.datname
        """;

    public static async Task CloseAsync(NpgsqlTransaction transaction, ILogger logger, CancellationToken cancellationToken)
    {
        // A look first: a REVOKE that changes nothing still writes a row that the whole server shares.
        foreach (var database in await ReadOpenAsync(transaction, cancellationToken))
        {
            if (database.MayClose)
                await TryCloseAsync(transaction, database, cancellationToken);
        }

        foreach (var database in await ReadOpenAsync(transaction, cancellationToken))
            SystemSchema.LogOpenToPublic(logger, database.Name);
    }

    private static async Task TryCloseAsync(
        NpgsqlTransaction transaction, OpenDatabase database, CancellationToken cancellationToken)
    {
        var privilege = database.IsCurrent ? "ALL" : "CONNECT";
        var quoted = new NpgsqlCommandBuilder().QuoteIdentifier(database.Name);
        await transaction.SaveAsync("closing", cancellationToken);
        try
        {
            await using var command = new NpgsqlCommand(
                $"REVOKE {privilege} ON DATABASE {quoted} FROM PUBLIC", transaction.Connection, transaction);
            await command.ExecuteNonQueryAsync(cancellationToken);
            await transaction.ReleaseAsync("closing", cancellationToken);
        }
        catch (PostgresException exception) when (exception.SqlState != PostgresErrorCodes.InternalError)
        {
            // An internal error ("tuple concurrently updated") has cost the connection, and all of it is tried again.
            // Somebody else changes the same row at this moment. Whether it is still open is read again below.
            await transaction.RollbackAsync("closing", cancellationToken);
        }
    }

    private static async Task<List<OpenDatabase>> ReadOpenAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(OpenDatabases, transaction.Connection, transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var open = new List<OpenDatabase>();
        while (await reader.ReadAsync(cancellationToken))
            open.Add(new OpenDatabase(reader.GetString(0), reader.GetBoolean(1), reader.GetBoolean(2)));
        return open;
    }

    private sealed record OpenDatabase(string Name, bool IsCurrent, bool MayClose);
}
