using System.Text.Json.Nodes;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Operations;
using Npgsql;
using NpgsqlTypes;

namespace Kataven.Grains.Operations;

/// <summary>Reads and writes <c>kataven.operation</c>. Whoever works on one writes under its attempt's number: an older one finds nothing to write to.</summary>
internal sealed class OperationTable(SystemDatabase system)
{
    private const string Columns =
        "operation_id, kind, account_id, status, step, progress, problem::text, result::text, arguments::text, created_at, finished_at, attempt, put_down";

    /// <summary>Begins it, or tells which operation has one of its accounts; or what became of it, where it was begun before.</summary>
    public async Task<(Operation? Begun, Operation? Known, Guid? InTheWay)> TryBeginAsync(Guid id, OperationRequest request, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return (await InsertAsync(id, request, cancellation).ConfigureAwait(false), null, null);
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                if (await FindAsync(id, cancellation).ConfigureAwait(false) is { } known)
                {
                    return (null, known, null);
                }

                if (await ClaimantAsync(request, cancellation).ConfigureAwait(false) is { } other)
                {
                    return (null, null, other);
                }

                // It has ended meanwhile.
            }
        }
    }

    /// <summary>Takes a running operation up: from now on the former attempt can write nothing. Null where it does not run.</summary>
    public async Task<Operation?> TakeUpAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = system.Command(
            $"UPDATE kataven.operation SET attempt = attempt + 1, updated_at = now() WHERE operation_id = $1 AND status = 'running' RETURNING {Columns}");
        command.Parameters.Add(new() { Value = id });
        return await ReadOneAsync(command, cancellation).ConfigureAwait(false);
    }

    /// <summary>Notes that an attempt ends because its silo does: whoever goes on has as many left as before it.</summary>
    /// <exception cref="OperationLostException">Somebody else works on it, or it has ended.</exception>
    public async Task PutDownAsync(Guid id, int attempt, CancellationToken cancellation)
    {
        await using var command = system.Command(
            "UPDATE kataven.operation SET put_down = put_down + 1, updated_at = now() WHERE operation_id = $1 AND attempt = $2 AND status = 'running'");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = attempt });
        await WriteAsync(command, cancellation).ConfigureAwait(false);
    }

    /// <exception cref="OperationLostException">Somebody else works on it, or it has ended.</exception>
    public async Task StepAsync(Guid id, int attempt, string? step, double progress, CancellationToken cancellation)
    {
        await using var command = system.Command("""
            UPDATE kataven.operation SET step = coalesce($3, step), progress = greatest(progress, $4), updated_at = now()
             WHERE operation_id = $1 AND attempt = $2 AND status = 'running'
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = attempt });
        command.Parameters.Add(Text(step));
        command.Parameters.Add(new() { Value = Math.Clamp(progress, 0, 1) });
        await WriteAsync(command, cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc cref="StepAsync"/>
    public async Task RememberAsync(Guid id, int attempt, JsonObject arguments, CancellationToken cancellation)
    {
        await using var command = system.Command(
            "UPDATE kataven.operation SET arguments = $3, updated_at = now() WHERE operation_id = $1 AND attempt = $2 AND status = 'running'");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = attempt });
        command.Parameters.Add(Json(arguments.ToJsonString()));
        await WriteAsync(command, cancellation).ConfigureAwait(false);
    }

    /// <summary>Writes down why a running one is to end as failed, unless that is known: from then on it is only cleaned up.</summary>
    public async Task DecideAsync(Guid id, Refusal problem, CancellationToken cancellation)
    {
        await using var command = system.Command(
            "UPDATE kataven.operation SET problem = coalesce(problem, $2), updated_at = now() WHERE operation_id = $1 AND status = 'running'");
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(Json(RefusalJson.Write(problem)));
        await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends it, and gives its accounts free. False where another attempt has it, or it has ended.</summary>
    public async Task<bool> EndAsync(Guid id, int attempt, Refusal? problem, string? result, CancellationToken cancellation)
    {
        await using var command = system.Command("""
            WITH ended AS (
                UPDATE kataven.operation
                   SET status = CASE WHEN $3 IS NULL THEN 'succeeded' ELSE 'failed' END, problem = $3, result = $4,
                       progress = CASE WHEN $3 IS NULL THEN 1 ELSE progress END, updated_at = now(), finished_at = now()
                 WHERE operation_id = $1 AND attempt = $2 AND status = 'running' RETURNING operation_id, audit_id, problem),
            freed AS (DELETE FROM kataven.operation_claim c USING ended e WHERE c.operation_id = e.operation_id),
            told AS (
                UPDATE kataven.audit a SET outcome = coalesce(e.problem ->> 'code', 'succeeded'), status = $5, finished_at = now() FROM ended e WHERE a.id = e.audit_id)
            SELECT count(*) FROM ended
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = attempt });
        command.Parameters.Add(Json(problem is null ? null : RefusalJson.Write(problem)));
        command.Parameters.Add(Json(result));
        command.Parameters.Add(new() { Value = problem is null ? 200 : ErrorCatalogue.Of(problem.Code).Status });
        return (long)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))! > 0;
    }

    public async Task<Operation?> FindAsync(Guid id, CancellationToken cancellation)
    {
        await using var command = system.Command($"SELECT {Columns} FROM kataven.operation WHERE operation_id = $1");
        command.Parameters.Add(new() { Value = id });
        return await ReadOneAsync(command, cancellation).ConfigureAwait(false);
    }

    public async Task<List<Operation>> ListAsync(string? accountId, OperationStatus? status, int limit, CancellationToken cancellation)
    {
        await using var command = system.Command($"""
            SELECT {Columns} FROM kataven.operation
             WHERE ($1 IS NULL OR account_id = $1) AND ($2 IS NULL OR status = $2) ORDER BY created_at DESC, operation_id LIMIT $3
            """);
        command.Parameters.Add(Text(accountId));
        command.Parameters.Add(Text(status is { } value ? OperationStatusText.Of(value) : null));
        command.Parameters.Add(new() { Value = limit });
        return await ReadAsync(command, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// The operation by which the same request makes an account, or has made the one that has the slug now: an account's own id is in the
    /// arguments of whoever made it. What the work has noted there is no part of the request.
    /// </summary>
    public async Task<Operation?> FindMakerAsync(OperationRequest request, CancellationToken cancellation)
    {
        await using var command = system.Command($"""
            SELECT {Columns} FROM kataven.operation o
             WHERE account_id = $1 AND kind = $2 AND arguments @> $3
               AND (status = 'running' OR status = 'succeeded' AND EXISTS (
                    SELECT FROM public.accounts a WHERE a.account_id = o.arguments ->> 'into' AND a.account_uid::text = o.arguments ->> 'made'))
             ORDER BY status = 'succeeded' DESC, created_at DESC LIMIT 1
            """);
        command.Parameters.Add(Text(request.Account.Value));
        command.Parameters.Add(Text(request.Kind));
        command.Parameters.Add(Json(request.Arguments));
        return await ReadOneAsync(command, cancellation).ConfigureAwait(false);
    }

    /// <summary>The one that has the account for itself, or null.</summary>
    public async Task<Guid?> ClaimantAsync(string accountId, CancellationToken cancellation)
    {
        await using var command = system.Command("SELECT operation_id FROM kataven.operation_claim WHERE account_id = $1");
        command.Parameters.Add(new() { Value = accountId });
        return (Guid?)await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
    }

    public async Task<List<Guid>> RunningAsync(CancellationToken cancellation)
    {
        await using var command = system.Command("SELECT operation_id FROM kataven.operation WHERE status = 'running'");
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var running = new List<Guid>();
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            running.Add(reader.GetGuid(0));
        }

        return running;
    }

    /// <summary>Holds the operation for as long as the transaction lasts: no other attempt can take it up meanwhile.</summary>
    /// <exception cref="OperationLostException">Somebody else works on it, or it has ended.</exception>
    public static async Task FenceAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid id, int attempt, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "SELECT true FROM kataven.operation WHERE operation_id = $1 AND attempt = $2 AND status = 'running' FOR UPDATE", connection, transaction);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(new() { Value = attempt });
        if (await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is null)
        {
            throw new OperationLostException();
        }
    }

    private async Task<Operation> InsertAsync(Guid id, OperationRequest request, CancellationToken cancellation)
    {
        await using var command = system.Command($"""
            WITH entry AS (
                INSERT INTO kataven.audit (actor, action, account_id, outcome) VALUES ($5, 'operation ' || $2, $3, 'started') RETURNING id),
            made AS (
                INSERT INTO kataven.operation (operation_id, kind, account_id, arguments, actor, audit_id, attempt)
                SELECT $1, $2, $3, $4, $5, id, 1 FROM entry RETURNING *),
            claimed AS (INSERT INTO kataven.operation_claim (account_id, operation_id) SELECT a, m.operation_id FROM made m, unnest($6) a)
            SELECT {Columns} FROM made
            """);
        command.Parameters.Add(new() { Value = id });
        command.Parameters.Add(Text(request.Kind));
        command.Parameters.Add(Text(request.Account.Value));
        command.Parameters.Add(Json(request.Arguments));
        command.Parameters.Add(Text(request.Actor));
        command.Parameters.Add(new() { Value = request.Claims.Select(claim => claim.Value).ToArray() });
        return (await ReadOneAsync(command, cancellation).ConfigureAwait(false))!;
    }

    private async Task<Guid?> ClaimantAsync(OperationRequest request, CancellationToken cancellation)
    {
        foreach (var claim in request.Claims)
        {
            if (await ClaimantAsync(claim.Value, cancellation).ConfigureAwait(false) is { } other)
            {
                return other;
            }
        }

        return null;
    }

    private static async Task WriteAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        if (await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false) == 0)
        {
            throw new OperationLostException();
        }
    }

    private static async Task<Operation?> ReadOneAsync(NpgsqlCommand command, CancellationToken cancellation) =>
        (await ReadAsync(command, cancellation).ConfigureAwait(false)) is [var operation] ? operation : null;

    private static async Task<List<Operation>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        var operations = new List<Operation>();
        await using var reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            operations.Add(new Operation
            {
                Id = reader.GetGuid(0),
                Kind = reader.GetString(1),
                AccountId = reader.GetString(2),
                Status = OperationStatusText.Parse(reader.GetString(3)),
                Step = reader.GetString(4),
                Progress = reader.GetDouble(5),
                Problem = RefusalJson.Read(reader.IsDBNull(6) ? null : reader.GetString(6)),
                Result = reader.IsDBNull(7) ? null : reader.GetString(7),
                Arguments = reader.GetString(8),
                CreatedAt = reader.GetFieldValue<DateTimeOffset>(9),
                FinishedAt = reader.IsDBNull(10) ? null : reader.GetFieldValue<DateTimeOffset>(10),
                Attempt = reader.GetInt32(11),
                PutDown = reader.GetInt32(12),
            });
        }

        return operations;
    }

    private static NpgsqlParameter Text(string? value) => new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)value ?? DBNull.Value };

    private static NpgsqlParameter Json(string? value) => new() { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = (object?)value ?? DBNull.Value };
}
