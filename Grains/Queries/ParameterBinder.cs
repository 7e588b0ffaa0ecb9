using System.Collections.Immutable;
using System.Text;
using Kataven.Grains.Connections;
using Kataven.Grains.Queries.Values;
using Kataven.Queries;
using Npgsql;

namespace Kataven.Grains.Queries;

/// <summary>
/// Sends parameters as text of unknown type, so that PostgreSQL infers what they are. Only for an array does it have to
/// know: it is a PostgreSQL array, or JSON where that is what PostgreSQL infers.
/// </summary>
internal static class ParameterBinder
{
    private const string Probe = "kataven_probe";

    /// <summary>Stands for a parameter that is JSON, where others have what separates an array's elements.</summary>
    private const byte Json = 0;

    /// <summary>
    /// What separates the elements of each parameter that may be an array, by its inferred type or what that is a domain
    /// over, or <see cref="Json"/>. Where no array was sent nothing is asked.
    /// </summary>
    public static async ValueTask<byte[]> FindDelimitersAsync(Statement statement, Lane lane, CancellationToken cancellation)
    {
        if (!statement.Parameters.Any(parameter => parameter.Kind == ParameterKind.Array))
        {
            return [];
        }

        var delimiters = new byte[statement.Parameters.Length];
        Array.Fill(delimiters, (byte)',');

        // One round trip. PREPARE takes the statement as it stands; a second one behind a semicolon is an error of its own.
        await using var batch = new NpgsqlBatch(lane.Connection);
        NpgsqlInternals.AskForText(batch, true);
        if (lane.InTransaction)
        {
            batch.BatchCommands.Add(new($"SAVEPOINT {Probe}"));
        }

        batch.BatchCommands.Add(new($"PREPARE {Probe} AS {statement.Sql}"));
        batch.BatchCommands.Add(new($"""
            WITH RECURSIVE parameter (n, oid) AS (
              SELECT p.n, p.type::pg_catalog.oid
                FROM pg_catalog.pg_prepared_statements s
               CROSS JOIN LATERAL pg_catalog.unnest(s.parameter_types) WITH ORDINALITY AS p (type, n)
               WHERE s.name OPERATOR(pg_catalog.=) '{Probe}'
               UNION ALL
              SELECT p.n, t.typbasetype FROM parameter p JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) p.oid
               WHERE t.typtype OPERATOR(pg_catalog.=) 'd')
            SELECT CASE WHEN t.oid OPERATOR(pg_catalog.=) 114::pg_catalog.oid OR t.oid OPERATOR(pg_catalog.=) 3802::pg_catalog.oid THEN '' ELSE t.typdelim END
              FROM parameter p JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) p.oid
             WHERE t.typtype OPERATOR(pg_catalog.<>) 'd' ORDER BY p.n
            """));
        batch.BatchCommands.Add(new($"DEALLOCATE {Probe}"));
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            for (var i = 0; await reader.ReadAsync(cancellation).ConfigureAwait(false) && i < delimiters.Length; i++)
            {
                delimiters[i] = reader.GetString(0) is [var delimiter] ? (byte)delimiter : Json;
            }
        }
        catch (PostgresException exception) when (exception.SqlState != Errors.SqlStates.QueryCancelled && lane.IsOpen)
        {
            // The statement itself will tell the caller what is wrong with it, with its own positions.
            if (lane.InTransaction)
            {
                await using var undo = new NpgsqlCommand($"ROLLBACK TO SAVEPOINT {Probe}", lane.Connection);
                await undo.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            }
        }

        return delimiters;
    }

    public static void Bind(NpgsqlBatchCommand command, ImmutableArray<Parameter> parameters, byte[] delimiters)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters.Add(new NpgsqlParameter
            {
                NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Unknown,
                Value = (object?)TextOf(parameters[i], delimiters, i) ?? DBNull.Value,
            });
        }
    }

    private static string? TextOf(Parameter parameter, byte[] delimiters, int index) =>
        parameter is { Kind: ParameterKind.Array, Text: { } json } && delimiters[index] != Json
            ? PgArrayLiteral.FromJson(Encoding.UTF8.GetBytes(json), delimiters[index])
            : parameter.Text;
}
