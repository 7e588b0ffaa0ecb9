using System.Collections.Immutable;
using System.Data;
using Kataven.Errors;
using Kataven.Grains.Connections;
using Kataven.Grains.Idempotency;
using Kataven.Grains.Queries.Text;
using Kataven.Queries;
using Npgsql;

namespace Kataven.Grains.Queries;

/// <summary>What is refused by its text, because it would cost the lane or break a promise when PostgreSQL got it.</summary>
internal static class StatementCheck
{
    /// <summary>All or nothing is the promise of a transaction: no statement of it may end it.</summary>
    public static Refusal? RefuseTransactionControl(ImmutableArray<Statement> statements)
    {
        for (var i = 0; i < statements.Length; i++)
        {
            if (StatementText.IsTransactionControl(statements[i].Sql))
            {
                return Refusal.Of(ErrorCode.TransactionControl, "The service begins and ends this transaction: send the statements between.") with
                {
                    StatementIndex = i,
                    DidNotRun = true,
                };
            }
        }

        return null;
    }

    /// <summary>The answer and the write are kept together, in a transaction that the statement may not end.</summary>
    public static Refusal? RefuseTransactionControl(QueryRequest request) =>
        IdempotentWrites.KeyOf(request.Options) is not null && StatementText.IsTransactionControl(request.Statement.Sql)
            ? IdempotencyRefusals.TransactionControl
            : null;

    /// <summary>
    /// Npgsql closes its connection when COPY begins, and when PostgreSQL finds that the parameters do not fit
    /// (a protocol violation). A lane costs more to replace than this costs to find out.
    /// </summary>
    /// <exception cref="NotSupportedException">It is a COPY with the client.</exception>
    /// <exception cref="PostgresException">PostgreSQL has something against the statement, or the parameters do not fit it.</exception>
    public static async ValueTask RefuseUnsendableAsync(Lane lane, Statement statement, CancellationToken cancellation)
    {
        if (StatementText.IsCopyWithClient(statement.Sql))
        {
            throw new NotSupportedException("COPY with the client.");
        }

        var required = StatementParameters.Required(statement.Sql);
        if (required != statement.Parameters.Length)
        {
            await DescribeAsync(lane, statement.Sql, cancellation).ConfigureAwait(false);
            throw new PostgresException(
                $"bind message supplies {statement.Parameters.Length} parameters, but prepared statement \"\" requires {required}",
                "ERROR",
                "ERROR",
                PostgresErrorCodes.ProtocolViolation);
        }
    }

    /// <summary>Runs nothing. What is wrong with the statement itself comes before its parameters, as with PostgreSQL.</summary>
    private static async Task DescribeAsync(Lane lane, string sql, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(lane.Connection);
        NpgsqlInternals.AskForText(batch, true);
        batch.BatchCommands.Add(new(StatementText.Sendable(sql)));
        await using var reader = await batch.ExecuteReaderAsync(CommandBehavior.SchemaOnly, cancellation).ConfigureAwait(false);
    }
}
