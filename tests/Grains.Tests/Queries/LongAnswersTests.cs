using Kataven.Grains.Queries;
using Kataven.Testing;

namespace Kataven.Grains.Tests.Queries;

public sealed class LongAnswersTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly LongAnswers _answers = new();

    [Fact]
    public async Task Of_an_accounts_long_answers_one_is_written_at_a_time()
    {
        var (writing, most) = (0, 0);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            using var writer = _answers.Begin(0);
            for (var written = LongAnswers.PartSize; written < 50 * LongAnswers.PartSize; written += LongAnswers.PartSize)
            {
                Assert.True(await writer.ReadInTurnAsync(() => Task.FromResult(true), written, CancellationToken.None));
                most = Math.Max(most, Interlocked.Increment(ref writing));
                Interlocked.Decrement(ref writing);
            }
        }))).WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.Equal(1, most);
    }

    [Fact]
    public async Task While_one_waits_for_PostgreSQL_another_has_the_turn_and_it_is_given_back_at_the_end()
    {
        var row = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = _answers.Begin(0);
        var waiting = slow.ReadInTurnAsync(() => row.Task, LongAnswers.PartSize, CancellationToken.None).AsTask();
        var other = _answers.Begin(0);
        await Eventually.Async(
            async () => await other.ReadInTurnAsync(() => Task.FromResult(true), LongAnswers.PartSize, CancellationToken.None), Patience, "the other goes on");

        row.SetResult(true);
        Assert.False(waiting.IsCompleted);
        other.Dispose();

        Assert.True(await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken));
        slow.Dispose();
        using var third = _answers.Begin(0);
        Assert.True(await third.ReadInTurnAsync(() => Task.FromResult(true), LongAnswers.PartSize, CancellationToken.None));
    }

    [Fact]
    public async Task A_later_part_of_a_long_answer_waits_for_its_turn_before_its_first_row_and_a_short_one_does_not()
    {
        var first = _answers.Begin(0, isLong: true);
        Assert.True(await first.ReadInTurnAsync(() => Task.FromResult(true), 0, CancellationToken.None));
        using var later = _answers.Begin(100, isLong: true);
        var waiting = later.ReadInTurnAsync(() => Task.FromResult(true), 100, CancellationToken.None).AsTask();

        using var small = _answers.Begin(100);
        Assert.True(await small.ReadInTurnAsync(() => Task.FromResult(true), 100, CancellationToken.None));
        Assert.False(waiting.IsCompleted);
        first.Dispose();

        Assert.True(await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task One_whose_statement_was_cancelled_while_it_waits_for_its_turn_reads_PostgreSQLs_answer_and_has_none_to_give_back()
    {
        using var first = _answers.Begin(0);
        await first.ReadInTurnAsync(() => Task.FromResult(true), LongAnswers.PartSize, CancellationToken.None);
        using var gone = new CancellationTokenSource();
        var second = _answers.Begin(0);
        var cancelled = new InvalidOperationException("canceling statement due to user request");
        var waiting = second.ReadInTurnAsync(() => Task.FromException<bool>(cancelled), LongAnswers.PartSize, gone.Token).AsTask();

        await gone.CancelAsync();
        Assert.Same(cancelled, await Assert.ThrowsAnyAsync<Exception>(() => waiting));
        second.Dispose();
        var third = _answers.Begin(0);
        var next = third.ReadInTurnAsync(() => Task.FromResult(true), LongAnswers.PartSize, CancellationToken.None).AsTask();
        Assert.False(next.IsCompleted);
        first.Dispose();

        Assert.True(await next.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }
}
