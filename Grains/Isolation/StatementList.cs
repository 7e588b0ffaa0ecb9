using Npgsql;

namespace Kataven.Grains.Isolation;

/// <summary>Statements that a query of the catalog gives, one a row: all are read before the first runs.</summary>
internal static class StatementList
{
    public static async Task<List<string>> ReadAsync(NpgsqlCommand query, CancellationToken cancellation)
    {
        await using var reader = await query.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var statements = new List<string>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            statements.Add(reader.GetString(0));
        }

        return statements;
    }

    public static async Task RunAsync(NpgsqlCommand query, CancellationToken cancellation)
    {
        foreach (var statement in await ReadAsync(query, cancellation).ConfigureAwait(false))
        {
            await using var command = new NpgsqlCommand(statement, query.Connection);
            await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
    }
}
