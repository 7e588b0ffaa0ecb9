using System.Buffers;
using Kataven.Errors;
using Kataven.Grains.Connections;
using Kataven.Grains.Observability;
using Kataven.Grains.Queries;
using Kataven.Grains.Tenants;
using Kataven.Queries;
using Npgsql;

namespace Kataven.Grains.Idempotency;

/// <summary>
/// Writes with an <c>Idempotency-Key</c>: the answer is kept in the write's own transaction, so it is there exactly where the write is.
/// A repeat gets it and runs nothing; one that comes while the first runs waits for it.
/// </summary>
internal sealed class IdempotentWrites(TenantPool pool, IdempotencyOptions options, TimeProvider time)
{
    /// <summary>How often a key is looked for anew that was taken and given up, or had expired, in between.</summary>
    private const int MostLooks = 5;

    private readonly KeyTurns _turns = new();
    private readonly KeyBook _book = new(options, time);

    /// <summary>The key of a request, or null where it has none or only reads: then there is nothing that could happen twice.</summary>
    public static string? KeyOf(QueryOptions options) => options.ReadOnly == true ? null : options.IdempotencyKey;

    /// <summary>Answers a request that was let in.</summary>
    /// <param name="request">The key, and what is asked.</param>
    /// <param name="limit">How long it waits for another one with its key.</param>
    /// <param name="run">Runs it on a lane, by way of <see cref="RunAsync"/>.</param>
    /// <param name="caller">Ends it.</param>
    public async Task<Answer> AnswerAsync(KeyedRequest request, TimeSpan limit, Func<Task<Answer>> run, CancellationToken caller)
    {
        var (kept, refusal) = await TakeTurnAsync(request.Key, limit, caller).ConfigureAwait(false);
        if (refusal is not null)
        {
            return Refuse(refusal);
        }

        if (kept is not null)
        {
            return kept.Answers(request) ? Replay(kept) : Refuse(Conflict());
        }

        try
        {
            var answer = await run().ConfigureAwait(false);
            kept = answer.Kind == AnswerKind.Done ? new KeptAnswer(request.Hash, answer.Body) : null;
            return answer;
        }
        finally
        {
            _turns.Leave(request.Key, kept);
        }
    }

    /// <summary>⑥ Runs what has the key's turn in one transaction, with its answer; or finds the answer that is kept.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="request">The key, and what is asked.</param>
    /// <param name="begin">Begins the transaction.</param>
    /// <param name="output">Gets the answer.</param>
    /// <param name="work">Knows how far it has come.</param>
    /// <param name="run">Runs the statements, and neither begins nor commits.</param>
    /// <exception cref="RefusedException">The key has another request's answer, or there is no room for one more.</exception>
    public async Task RunAsync(
        Lane lane, KeyedRequest request, string begin, ArrayBufferWriter<byte> output, StatementWork work, Func<Task> run)
    {
        await TidyAsync(lane, work.Clock.Token).ConfigureAwait(false);
        for (var looks = 1; ; looks++)
        {
            if (await TryClaimAsync(lane, begin, request, work.Clock.Token).ConfigureAwait(false) is { } place)
            {
                await RunAndKeepAsync(lane, request, place, output, work, run).ConfigureAwait(false);
                return;
            }

            if (await KeyRows.FindAsync(lane, request.Key, options.KeepFor, work.Clock.Token).ConfigureAwait(false) is { } kept)
            {
                output.Write((kept.Answers(request) ? kept : throw new RefusedException(Conflict())).Body.Span);
                work.WasReplayed = true;
                IdempotencyMetrics.Replayed();
                return;
            }

            if (looks == MostLooks)
            {
                throw new RefusedException(IdempotencyRefusals.StillTaken);
            }
        }
    }

    private async Task<(KeptAnswer? Kept, Refusal? Refusal)> TakeTurnAsync(string key, TimeSpan limit, CancellationToken caller)
    {
        using var timer = new CancellationTokenSource(limit, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, caller, pool.Stopping);
        var mostWaiting = pool.Limits.MaxQueue;
        try
        {
            return _turns.TryEnter(key, mostWaiting, ending.Token) is { } turn
                ? (await turn.ConfigureAwait(false), null)
                : (null, IdempotencyRefusals.TooManyWait(mostWaiting));
        }
        catch (OperationCanceledException)
        {
            return (null, caller.IsCancellationRequested ? LaneRefusals.CallerGone
                : timer.IsCancellationRequested ? IdempotencyRefusals.FirstStillRuns(limit)
                : pool.Refusal ?? TenantRefusals.Moving with { DidNotRun = true });
        }
    }

    /// <summary>Null where the key has an answer, which may have come after the transaction's snapshot.</summary>
    private async Task<string?> TryClaimAsync(Lane lane, string begin, KeyedRequest request, CancellationToken cancellation)
    {
        try
        {
            return await KeyRows.ClaimAsync(lane, begin, request, options.KeepFor, cancellation).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.SerializationFailure)
        {
            return null;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            throw new RefusedException(IdempotencyRefusals.StillTaken);
        }
    }

    private async Task RunAndKeepAsync(
        Lane lane, KeyedRequest request, string place, ArrayBufferWriter<byte> output, StatementWork work, Func<Task> run)
    {
        if (!_book.TryBegin())
        {
            IdempotencyMetrics.WasFull();
            throw new RefusedException(IdempotencyRefusals.TooManyKept(options));
        }

        int? kept = null;
        try
        {
            await run().ConfigureAwait(false);
            if (output.WrittenCount > options.MaxAnswerBytes)
            {
                throw new RefusedException(IdempotencyRefusals.AnswerTooLong(output.WrittenCount, options));
            }

            // Until this is sent nothing has happened, whatever breaks.
            work.Sends();
            if (!await KeyRows.TryKeepAsync(lane, place, request.Key, output.WrittenMemory, work.Clock.Token).ConfigureAwait(false))
            {
                throw new RefusedException(IdempotencyRefusals.RowRemoved);
            }

            kept = output.WrittenCount;
            IdempotencyMetrics.Kept();
        }
        finally
        {
            _book.End(kept);
        }
    }

    /// <summary>What has to be done now and then, before a transaction begins: it is not the request's own.</summary>
    private async Task TidyAsync(Lane lane, CancellationToken cancellation)
    {
        if (_book.IsPurgeDue()
            && await KeyRows.PurgeAsync(lane, options.KeepFor, KeyBook.PurgeAtMost, cancellation).ConfigureAwait(false) is { } purged)
        {
            _book.Purged((int)purged.Keys, purged.Bytes);
        }

        if (_book.IsCountDue())
        {
            if (await KeyRows.CountAsync(lane, cancellation).ConfigureAwait(false) is { } counted)
            {
                _book.Counted(counted.Keys, counted.Bytes);
            }
            else
            {
                _book.NotCounted();
            }
        }
    }

    private Answer Replay(KeptAnswer kept)
    {
        IdempotencyMetrics.Replayed();
        pool.Wrote(kept.Body.Length);
        return Answer.Done(kept.Body) with { WasReplayed = true };
    }

    private static Refusal Conflict()
    {
        IdempotencyMetrics.Conflicted();
        return IdempotencyRefusals.Conflict;
    }

    private static Answer Refuse(Refusal refusal)
    {
        TenantMetrics.Refused(refusal.Code);
        return Answer.Refused(refusal);
    }
}
