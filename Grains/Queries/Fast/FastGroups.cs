using System.Buffers;
using System.Data;
using Kataven.Grains.Connections;
using Kataven.Grains.Queries.Text;
using Kataven.Queries;
using Npgsql;

namespace Kataven.Grains.Queries.Fast;

/// <summary>
/// ⑥ Runs the reads of a group: one batch without barriers, so one Sync, and one implicit transaction that only reads. Whatever
/// does not end in an answer is sent to a lane of its own, which tells its caller why: here nothing has happened.
/// </summary>
internal sealed class FastGroups : IFastGroups
{
    /// <summary>A longer answer is read again on a lane of its own.</summary>
    private const int LongestAnswer = 1024 * 1024;

    public async Task<FastGroupEnd> RunAsync(Lane lane, IReadOnlyList<FastRead> group, CancellationToken cancellation)
    {
        try
        {
            await using var batch = new NpgsqlBatch(lane.Connection);
            NpgsqlInternals.AskForText(batch, true);
            foreach (var read in group)
            {
                var command = new NpgsqlBatchCommand(read.Statement.Sql);
                ParameterBinder.Bind(command, read.Statement.Parameters, []);
                batch.BatchCommands.Add(command);
            }

            return await RunAsync(batch, lane, group, cancellation).ConfigureAwait(false);
        }
        catch (Exception)
        {
            return FastGroupEnd.Broken;
        }
    }

    private static async Task<FastGroupEnd> RunAsync(NpgsqlBatch batch, Lane lane, IReadOnlyList<FastRead> group, CancellationToken cancellation)
    {
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation).ConfigureAwait(false);
            for (var i = 0; i < group.Count; i++)
            {
                await AnswerAsync(reader, batch.BatchCommands[i], lane.Buffer(), group[i], cancellation).ConfigureAwait(false);
                await reader.NextResultAsync(cancellation).ConfigureAwait(false);
            }

            return FastGroupEnd.Whole;
        }
        catch (PostgresException exception) when (lane.IsOpen && IndexOf(batch, exception) is var failed and >= 0)
        {
            group[failed].Refuse();
            // What it had prepared may be gone, or its result of another form: with a new session it is prepared anew.
            return exception.SqlState is PostgresErrorCodes.FeatureNotSupported or PostgresErrorCodes.InvalidSqlStatementName
                ? FastGroupEnd.Broken
                : FastGroupEnd.Whole;
        }
    }

    private static int IndexOf(NpgsqlBatch batch, PostgresException exception) =>
        exception.BatchCommand is NpgsqlBatchCommand command ? batch.BatchCommands.IndexOf(command) : -1;

    private static async Task AnswerAsync(
        NpgsqlDataReader reader, NpgsqlBatchCommand command, ArrayBufferWriter<byte> output, FastRead read, CancellationToken cancellation)
    {
        var headers = RowReader.Headers(reader);
        var columns = TypeCatalog.TryResolve(headers);
        if (columns is null || (read.Options.RowMode == RowMode.Object && StatementRunner.HasDuplicates(headers)))
        {
            read.Refuse();
            return;
        }

        var rows = new JsonRows(output, columns, read.Options, lines: false);
        if (await RowReader.ReadAsync(reader, rows, Math.Min(read.MaxBytes, LongestAnswer), cancellation).ConfigureAwait(false) == RowsRead.TooLarge)
        {
            read.Refuse();
            return;
        }

        // The number of rows is known when the last one was read, and stands before them.
        var head = new ArrayBufferWriter<byte>(256);
        AnswerWriter.WriteHead(head, command, columns);
        read.Done([.. head.WrittenSpan, .. output.WrittenSpan, .. "]}"u8]);
    }
}
