using System.Buffers;
using System.Data;
using System.Threading.Channels;
using Kataven.Errors;
using Kataven.Grains.Connections;
using Kataven.Grains.Observability;
using Kataven.Grains.Queries.Fast;
using Kataven.Grains.Tenants;
using Kataven.Observability;
using Kataven.Queries;
using Npgsql;

namespace Kataven.Grains.Queries;

/// <summary>
/// A statement whose rows go out while they come in. PostgreSQL is read one part ahead of the client and no further, so
/// memory stays flat whatever the size. The time limit counts PostgreSQL's time, not the client's.
/// </summary>
internal sealed class TenantStream(
    TenantPool pool, Lane lane, StreamRequest request, long bytes, TypeCatalog types, FastReads fast, TimeSpan idleTimeout, TimeProvider time)
{
    /// <summary>
    /// Bytes of a part: large enough that a grain call is little beside it, and small enough that .NET does not take it for a large
    /// object, of which a few thousand a second keep its background collection at work all the time.
    /// </summary>
    private const int PartSize = 64 * 1024;

    /// <summary>How long the client of a stream that the service ended has to take its last part.</summary>
    private static readonly TimeSpan LastPartWithin = TimeSpan.FromSeconds(2);

    private readonly Channel<StreamPart> _parts = Channel.CreateBounded<StreamPart>(1);
    private readonly CancellationTokenSource _abandoned = new();
    private StatementClock? _clock;
    private IRowSink? _rows;
    private bool _began;
    private bool _mayHaveWritten;

    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>Runs the statement to its end, and returns when the last part was taken, or nobody wants it any more.</summary>
    public async Task RunAsync()
    {
        var limits = pool.Limits;
        using var clock = _clock = new StatementClock(TenantQueries.TimeLimit(limits, request.Options), time, CancellationToken.None, pool.Stopping);
        var output = new ArrayBufferWriter<byte>(PartSize + 4096);
        StreamPart last;
        Exception? failure = null;
        using var span = RequestPath.Run(pool.Account);
        var ending = pool.EndLate(lane, clock);
        try
        {
            // An account that was stopped since the lane was lent has cancelled what ran then, which this did not.
            last = pool.Refusal is { } stopped
                ? StreamPart.Refused(stopped)
                : await ProduceAsync(output, clock).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            failure = exception;
            _mayHaveWritten &= !SqlFailure.WasNotSent(exception, lane, hasBegun: _rows is not null);
            // A stream that nobody has begun to read is refused; one that breaks off says so behind its rows.
            last = Part(_began ? output.WrittenSpan[..(_rows?.WholeLength ?? 0)] : default, null);
        }

        await ending.DisposeAsync().ConfigureAwait(false);
        pool.Lanes.Return(lane);
        if (failure is not null)
        {
            var refusal = await RefusalOfAsync(failure, clock).ConfigureAwait(false);
            last = _began ? last with { Refusal = refusal } : StreamPart.Refused(refusal);
        }

        await HandOverLastAsync(last, clock.Reason == EndReason.AccountStopped).ConfigureAwait(false);
        pool.Leave(bytes);
    }

    /// <summary>The next part, or null when the last was taken.</summary>
    public async Task<StreamPart?> NextAsync(CancellationToken cancellation)
    {
        while (await _parts.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
        {
            if (_parts.Reader.TryRead(out var part))
            {
                return part;
            }
        }

        return null;
    }

    public void Close()
    {
        _clock?.End(EndReason.CallerGone);
        _abandoned.Cancel();
    }

    /// <summary>Asked once the lane is given back: to find out that the statement can only have read takes one.</summary>
    private async Task<Refusal> RefusalOfAsync(Exception failure, StatementClock clock)
    {
        var refusal = Of(_mayHaveWritten);
        if (refusal.Code == ErrorCode.OutcomeUnknown && clock.Reason is EndReason.TimeLimit or EndReason.StreamForgotten
            && await fast.CanOnlyHaveReadAsync(request.Statement, CancellationToken.None).ConfigureAwait(false))
        {
            refusal = Of(mayHaveWritten: false);
        }

        TenantMetrics.Refused(refusal.Code);
        return refusal;

        Refusal Of(bool mayHaveWritten) => SqlFailure.ToRefusal(failure, clock, pool.Refusal, RowReader.StreamedValueLimit, mayHaveWritten);
    }

    private async Task<StreamPart> ProduceAsync(ArrayBufferWriter<byte> output, StatementClock clock)
    {
        var cancellation = clock.Token;
        var columns = await DescribeAsync(clock).ConfigureAwait(false);
        var before = request.Options.ReadOnly == true ? "BEGIN READ ONLY" : null;
        await using var batch = await StatementRunner.PrepareAsync(lane, request.Statement, before, cancellation).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        _mayHaveWritten = before is null;
        lane.InTransaction |= Text.StatementText.IsTransactionControl(request.Statement.Sql);
        await using (var reader = await batch.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellation).ConfigureAwait(false))
        {
            var rows = _rows = Begin(output, columns);
            while (true)
            {
                var read = await ReadPartAsync(reader, rows, clock).ConfigureAwait(false);
                if (read == RowsRead.TooLarge)
                {
                    clock.End(EndReason.ResultTooLarge);
                    cancellation.ThrowIfCancellationRequested();
                }

                if (read == RowsRead.All)
                {
                    break;
                }

                await HandOverAsync(reader, output, clock).ConfigureAwait(false);
            }

            await StatementRunner.WhenCommittedAsync(reader, cancellation).ConfigureAwait(false);
        }

        if (request.Format == StreamFormat.Ndjson)
        {
            output.Write("{"u8);
            AnswerWriter.WriteCommand(output, batch.BatchCommands[^1]);
            output.Write("}\n"u8);
        }

        return Part(output.WrittenSpan, null);
    }

    private async ValueTask<RowsRead> ReadPartAsync(NpgsqlDataReader reader, IRowSink rows, StatementClock clock)
    {
        using var turn = pool.LongAnswers.Begin(rows.Length, isLong: _began);
        return await RowReader.ReadAsync(reader, rows, PartSize, turn, whole: false, clock).ConfigureAwait(false);
    }

    /// <summary>The columns stand before the rows, so the statement is described before it runs: that alone runs nothing.</summary>
    private async Task<Column[]> DescribeAsync(StatementClock clock)
    {
        ColumnHeader[] headers;
        await using (var batch = await StatementRunner.PrepareAsync(lane, request.Statement, null, clock.Token).ConfigureAwait(false))
        await using (var reader = await batch.ExecuteReaderAsync(CommandBehavior.SchemaOnly, clock.Token).ConfigureAwait(false))
        {
            headers = RowReader.Headers(reader);
        }

        if (request is { Format: StreamFormat.Ndjson, Options.RowMode: RowMode.Object } && StatementRunner.HasDuplicates(headers))
        {
            clock.End(EndReason.DuplicateColumn);
            clock.Token.ThrowIfCancellationRequested();
        }

        return TypeCatalog.TryResolve(headers) ?? await types.ResolveAsync(headers, lane, clock.Token).ConfigureAwait(false);
    }

    private IRowSink Begin(ArrayBufferWriter<byte> output, Column[] columns)
    {
        if (request.Format == StreamFormat.Ndjson)
        {
            output.Write("{"u8);
            AnswerWriter.WriteColumns(output, columns);
            output.Write("}\n"u8);
            return new JsonRows(output, columns, request.Options, lines: true);
        }

        for (var i = 0; i < columns.Length; i++)
        {
            output.Write(i == 0 ? ""u8 : ","u8);
            Values.CsvValue.WriteText(output, System.Text.Encoding.UTF8.GetBytes(columns[i].Name));
        }

        output.Write(columns.Length == 0 ? ""u8 : "\r\n"u8);
        return new CsvRows(output, columns);
    }

    private async Task HandOverAsync(NpgsqlDataReader reader, ArrayBufferWriter<byte> output, StatementClock clock)
    {
        var part = Part(output.WrittenSpan, Id);
        output.ResetWrittenCount();
        if (_parts.Writer.TryWrite(part))
        {
            return;
        }

        clock.Pause();
        using var forgotten = time.CreateTimer(static clock => ((StatementClock)clock!).End(EndReason.StreamForgotten), clock, idleTimeout, Timeout.InfiniteTimeSpan);
        try
        {
            await _parts.Writer.WriteAsync(part, clock.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            while (await reader.ReadAsync(clock.Token).ConfigureAwait(false))
            {
                // Until PostgreSQL has answered the cancellation: it alone can tell whether the statement had come to its end before.
            }

            throw;
        }

        clock.Continue();
    }

    private async Task HandOverLastAsync(StreamPart last, bool stopped)
    {
        // A client that takes nothing must not keep an account that was stopped, or moves, from beginning again.
        using var given = new CancellationTokenSource(stopped ? LastPartWithin : idleTimeout, time);
        await using var abandoned = _abandoned.Token.UnsafeRegister(
            static given => ((CancellationTokenSource)given!).Cancel(), given).ConfigureAwait(false);
        await using var stopping = pool.Stopping.UnsafeRegister(
            static given => ((CancellationTokenSource)given!).CancelAfter(LastPartWithin), given).ConfigureAwait(false);
        try
        {
            await _parts.Writer.WriteAsync(last, given.Token).ConfigureAwait(false);
            _parts.Writer.Complete();
            await _parts.Reader.Completion.WaitAsync(given.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Nobody takes it.
            _parts.Writer.TryComplete();
        }
    }

    private StreamPart Part(ReadOnlySpan<byte> body, Guid? next)
    {
        _began |= next is not null;
        pool.Wrote(body.Length);
        return new StreamPart { Kind = AnswerKind.Done, Body = body.ToArray(), Stream = next };
    }
}
