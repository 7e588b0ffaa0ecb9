using System.Buffers;
using System.Data;
using Kataven.Grains.Connections;
using Kataven.Grains.Queries.Text;
using Kataven.Queries;
using Npgsql;

namespace Kataven.Grains.Queries;

/// <summary>⑥ Runs one statement on a lane and writes its result as JSON, once, next to the connection.</summary>
internal sealed class StatementRunner(TypeCatalog types, LongAnswers answers)
{
    /// <param name="lane">The lane, which the caller has rented.</param>
    /// <param name="statement">What runs.</param>
    /// <param name="before">A statement that goes out with it, as <c>BEGIN</c>, or null.</param>
    /// <param name="output">Gets <c>{"command":…,"row_count":…,"columns":[…],"rows":[…]}</c>.</param>
    /// <param name="options">How it is written.</param>
    /// <param name="maxBytes">How long the result may be.</param>
    /// <param name="clock">Ends it; also for a result that is too large, or that has two columns of one name.</param>
    /// <param name="alone">Is told how far it has come, where PostgreSQL commits the statement by itself.</param>
    /// <exception cref="NpgsqlException">PostgreSQL reported an error, or was lost.</exception>
    /// <exception cref="OperationCanceledException">The clock ended it.</exception>
    public async Task RunAsync(
        Lane lane,
        Statement statement,
        string? before,
        ArrayBufferWriter<byte> output,
        QueryOptions options,
        int maxBytes,
        StatementClock clock,
        StatementWork? alone = null)
    {
        var cancellation = clock.Token;
        await using var batch = await PrepareAsync(lane, statement, before, cancellation).ConfigureAwait(false);
        var command = batch.BatchCommands[^1];
        IRowSink? rows = null;
        Column[]? columns;
        ColumnHeader[] headers;
        var rowsBuffer = new ArrayBufferWriter<byte>(256);
        alone?.Sends(isAlone: true);
        await using (var reader = await batch.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation).ConfigureAwait(false))
        {
            alone?.HasBegun = true;
            headers = RowReader.Headers(reader);
            if (options.RowMode == RowMode.Object && HasDuplicates(headers))
            {
                await EndAsync(reader, clock, EndReason.DuplicateColumn).ConfigureAwait(false);
            }

            columns = TypeCatalog.TryResolve(headers);
            if (headers.Length > 0 || reader.HasRows)
            {
                rows = columns is null ? new SpooledRows(headers.Length) : new JsonRows(rowsBuffer, columns, options, lines: false);
                using var turn = answers.Begin(rows.Length);
                if (await RowReader.ReadAsync(reader, rows, maxBytes, turn, whole: true, clock).ConfigureAwait(false) == RowsRead.TooLarge)
                {
                    await EndAsync(reader, clock, EndReason.ResultTooLarge).ConfigureAwait(false);
                }
            }

            await WhenCommittedAsync(reader, cancellation).ConfigureAwait(false);
        }

        alone?.HasRun = true;
        if (columns is null)
        {
            columns = await types.ResolveAsync(headers, lane, cancellation).ConfigureAwait(false);
            ((SpooledRows)rows!).ReplayInto(new JsonRows(rowsBuffer, columns, options, lines: false));
        }

        if (rowsBuffer.WrittenCount > maxBytes)
        {
            clock.End(EndReason.ResultTooLarge);
            cancellation.ThrowIfCancellationRequested();
        }

        AnswerWriter.WriteHead(output, command, columns);
        output.Write(rowsBuffer.WrittenSpan);
        output.Write("]}"u8);
    }

    /// <summary>The batch that runs a statement: as it stands, with its results as text.</summary>
    public static async Task<NpgsqlBatch> PrepareAsync(Lane lane, Statement statement, string? before, CancellationToken cancellation)
    {
        await StatementCheck.RefuseUnsendableAsync(lane, statement, cancellation).ConfigureAwait(false);
        var delimiters = await ParameterBinder.FindDelimitersAsync(statement, lane, cancellation).ConfigureAwait(false);
        var batch = new NpgsqlBatch(lane.Connection);
        NpgsqlInternals.AskForText(batch, true);
        if (before is not null)
        {
            batch.BatchCommands.Add(new(before));
            lane.InTransaction = true;
        }

        var command = new NpgsqlBatchCommand(StatementText.Sendable(statement.Sql));
        ParameterBinder.Bind(command, statement.Parameters, delimiters);
        batch.BatchCommands.Add(command);
        return batch;
    }

    /// <summary>
    /// Reads to the end of what PostgreSQL says. A statement that it commits by itself is committed behind its last row, which may fail, and
    /// which a reader that is disposed of says nothing about where it was cancelled.
    /// </summary>
    public static async Task WhenCommittedAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        while (await reader.NextResultAsync(cancellation).ConfigureAwait(false))
        {
            // There is none.
        }
    }

    public static bool HasDuplicates(ColumnHeader[] headers)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        return !headers.All(header => names.Add(header.Name));
    }

    /// <summary>
    /// Ends a statement whose result is not wanted. What it would still send is thrown away as it comes, which a
    /// cancelled statement makes short. Throws what the cancelled reading throws.
    /// </summary>
    private static async Task EndAsync(NpgsqlDataReader reader, StatementClock clock, EndReason reason)
    {
        clock.End(reason);
        while (await reader.ReadAsync(clock.Token).ConfigureAwait(false))
        {
            // Until PostgreSQL has noticed.
        }

        clock.Token.ThrowIfCancellationRequested();
    }
}
