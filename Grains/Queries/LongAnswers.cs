using Npgsql;

namespace Kataven.Grains.Queries;

/// <summary>
/// The long answers of one account: of all that it asks for at one time, one is written at a time, a part in turn. So they never take
/// more than one core from the other accounts, whose short answers get in between two parts. Thread-safe.
/// </summary>
internal sealed class LongAnswers
{
    /// <summary>Bytes after which an answer is long, and of each part: a fraction of a millisecond's work.</summary>
    public const int PartSize = 64 * 1024;

    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <param name="length">Bytes that are written already.</param>
    /// <param name="isLong">Whether there were others before them: then its turn has to come before the first row.</param>
    public Writer Begin(int length, bool isLong = false) => new(_turn, isLong ? length : length + PartSize);

    /// <summary>One answer. While it waits for PostgreSQL it is nobody's turn.</summary>
    internal sealed class Writer(SemaphoreSlim turn, int until) : IDisposable
    {
        private int _until = until;
        private bool _hasTurn;

        /// <summary>Reads the next row, after others had their turns where it is time.</summary>
        /// <param name="reader">Where it comes from.</param>
        /// <param name="written">Bytes of the answer so far.</param>
        /// <param name="cancellation">Cancels the statement.</param>
        public ValueTask<bool> ReadAsync(NpgsqlDataReader reader, int written, CancellationToken cancellation)
        {
            if (written >= _until)
            {
                return ReadNextPartAsync(reader, written, cancellation);
            }

            var next = reader.ReadAsync(cancellation);
            return next.IsCompleted || !_hasTurn ? new ValueTask<bool>(next) : WaitAsync(next, cancellation);
        }

        /// <inheritdoc cref="ReadAsync"/>
        internal async ValueTask<bool> ReadInTurnAsync(Func<Task<bool>> read, int written, CancellationToken cancellation)
        {
            if (written >= _until)
            {
                _until = written + PartSize;
                Dispose();
                if (ThreadPool.PendingWorkItemCount > 0)
                {
                    // To the end of the thread pool's queue: behind the short answers that wait there.
                    await Task.Yield();
                }

                await TakeTurnAsync(cancellation).ConfigureAwait(false);
            }

            var next = read();
            return next.IsCompleted ? await next.ConfigureAwait(false) : await WaitAsync(next, cancellation).ConfigureAwait(false);
        }

        public void Dispose()
        {
            if (_hasTurn)
            {
                _hasTurn = false;
                turn.Release();
            }
        }

        // Apart from the way of most rows, which allocates nothing.
        private ValueTask<bool> ReadNextPartAsync(NpgsqlDataReader reader, int written, CancellationToken cancellation) =>
            ReadInTurnAsync(() => reader.ReadAsync(cancellation), written, cancellation);

        private async ValueTask<bool> WaitAsync(Task<bool> next, CancellationToken cancellation)
        {
            Dispose();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await TakeTurnAsync(cancellation).ConfigureAwait(false);
            // Also where it failed: with what it failed.
            return await next.ConfigureAwait(false);
        }

        /// <summary>
        /// A statement that was cancelled reads on without a turn: PostgreSQL's answer to that is all that tells whether it has happened.
        /// </summary>
        private async ValueTask TakeTurnAsync(CancellationToken cancellation)
        {
            var taken = turn.WaitAsync(cancellation);
            await taken.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _hasTurn = taken.IsCompletedSuccessfully;
        }
    }
}
