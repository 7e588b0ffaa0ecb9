using Kataven.Errors;
using Kataven.Grains.Connections;
using Npgsql;
using NpgsqlTypes;

namespace Kataven.Grains.Idempotency;

/// <summary>
/// The rows of <c>_kataven.idempotency</c>, on a lane, so with the account's rights and in its transaction. Whatever the account's
/// statements did to the session (search path, role, operators of its own), each name here means what it says, or the statement fails
/// and with it the write.
/// </summary>
internal static class KeyRows
{
    /// <summary>Where an answer has been kept long enough. <c>$1</c> is for how many seconds.</summary>
    private const string Oldest =
        "(pg_catalog.statement_timestamp() OPERATOR(pg_catalog.-) pg_catalog.make_interval(secs => $1))";

    private const string Claim = $"""
        INSERT INTO _kataven.idempotency AS i (key, request, created_at) VALUES ($2, $3, pg_catalog.statement_timestamp())
        ON CONFLICT (key) DO UPDATE SET request = excluded.request, answer = NULL, created_at = excluded.created_at
         WHERE i.answer IS NULL OR i.created_at OPERATOR(pg_catalog.<) {Oldest}
        RETURNING i.ctid::pg_catalog.text
        """;

    private const string Find = $"""
        SELECT i.request, i.answer FROM _kataven.idempotency i
         WHERE i.key OPERATOR(pg_catalog.=) $2 AND i.answer IS NOT NULL AND i.created_at OPERATOR(pg_catalog.>=) {Oldest}
        """;

    /// <summary>
    /// Fails where the row is not there any more, so that the COMMIT behind it does not run. By its place: a search by the index is,
    /// to serializable transactions, a read of all keys beside it.
    /// </summary>
    private const string Keep = """
        WITH kept AS (UPDATE _kataven.idempotency AS i SET answer = $1
                       WHERE i.ctid OPERATOR(pg_catalog.=) $2 AND i.key OPERATOR(pg_catalog.=) $3 AND i.answer IS NULL RETURNING 1)
        SELECT 1::pg_catalog.int8 OPERATOR(pg_catalog./) (SELECT pg_catalog.count(*) FROM kept)
        """;

    private const string Purge = $"""
        WITH old AS (SELECT i.ctid FROM _kataven.idempotency i WHERE i.created_at OPERATOR(pg_catalog.<) {Oldest}
                      ORDER BY i.created_at LIMIT $2 FOR UPDATE SKIP LOCKED),
             gone AS (DELETE FROM _kataven.idempotency d USING old WHERE d.ctid OPERATOR(pg_catalog.=) old.ctid
                      RETURNING pg_catalog.octet_length(d.answer) AS size)
        SELECT pg_catalog.count(*)::pg_catalog.int8, COALESCE(pg_catalog.sum(gone.size), 0)::pg_catalog.int8 FROM gone
        """;

    private const string Count = """
        SELECT pg_catalog.count(*)::pg_catalog.int8, COALESCE(pg_catalog.sum(pg_catalog.octet_length(i.answer)), 0)::pg_catalog.int8
          FROM _kataven.idempotency i
        """;

    /// <summary>Begins the transaction and takes the key. One that a transaction has taken which has not ended is waited for.</summary>
    /// <returns>The row's place, or null where the key has an answer.</returns>
    public static async Task<string?> ClaimAsync(Lane lane, string begin, KeyedRequest request, TimeSpan keepFor, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(lane.Connection);
        batch.BatchCommands.Add(new(begin));
        batch.BatchCommands.Add(Command(Claim, Of(keepFor), Of(request.Key), Of(request.Hash)));
        lane.InTransaction = true;
        await using var reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false) ? reader.GetString(0) : null;
    }

    /// <summary>Ends the transaction, and reads the key's answer as all have committed it.</summary>
    public static async Task<KeptAnswer?> FindAsync(Lane lane, string key, TimeSpan keepFor, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(lane.Connection);
        batch.BatchCommands.Add(new("ROLLBACK"));
        batch.BatchCommands.Add(Command(Find, Of(keepFor), Of(key)));
        await using var reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        lane.InTransaction = false;
        return await reader.ReadAsync(cancellation).ConfigureAwait(false)
            ? new KeptAnswer(reader.GetFieldValue<byte[]>(0), reader.GetFieldValue<byte[]>(1))
            : null;
    }

    /// <summary>Keeps the answer and commits. False where the statements of the transaction have removed the row: then it is not committed.</summary>
    public static async Task<bool> TryKeepAsync(Lane lane, string place, string key, ReadOnlyMemory<byte> answer, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(lane.Connection);
        batch.BatchCommands.Add(Command(Keep, Of(answer), new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Unknown, Value = place }, Of(key)));
        batch.BatchCommands.Add(new("COMMIT"));
        var isKept = false;
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            isKept = await reader.ReadAsync(cancellation).ConfigureAwait(false);
            await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (!isKept && exception.SqlState == PostgresErrorCodes.DivisionByZero)
        {
            return false;
        }

        lane.InTransaction = false;
        return true;
    }

    /// <summary>Removes expired answers, a limited number of them, in a transaction of its own.</summary>
    public static Task<(long Keys, long Bytes)?> PurgeAsync(Lane lane, TimeSpan keepFor, int atMost, CancellationToken cancellation) =>
        SumAsync(lane, Command(Purge, Of(keepFor), new NpgsqlParameter<long> { TypedValue = atMost }), cancellation);

    public static Task<(long Keys, long Bytes)?> CountAsync(Lane lane, CancellationToken cancellation) => SumAsync(lane, Command(Count), cancellation);

    /// <summary>Null where PostgreSQL has something against it: another time is as good.</summary>
    private static async Task<(long Keys, long Bytes)?> SumAsync(Lane lane, NpgsqlBatchCommand command, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(lane.Connection) { BatchCommands = { command } };
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            await reader.ReadAsync(cancellation).ConfigureAwait(false);
            return (reader.GetInt64(0), reader.GetInt64(1));
        }
        catch (PostgresException exception) when (exception.SqlState != SqlStates.QueryCancelled && lane.IsOpen)
        {
            return null;
        }
    }

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static NpgsqlParameter<double> Of(TimeSpan keepFor) => new() { TypedValue = keepFor.TotalSeconds };

    private static NpgsqlParameter<string> Of(string text) => new() { TypedValue = text, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter<ReadOnlyMemory<byte>> Of(ReadOnlyMemory<byte> bytes) => new() { TypedValue = bytes, NpgsqlDbType = NpgsqlDbType.Bytea };

    private static NpgsqlParameter<byte[]> Of(byte[] bytes) => new() { TypedValue = bytes, NpgsqlDbType = NpgsqlDbType.Bytea };
}
