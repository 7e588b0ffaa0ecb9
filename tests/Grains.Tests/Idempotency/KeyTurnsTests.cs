using CsCheck;
using Kataven.Grains.Idempotency;

namespace Kataven.Grains.Tests.Idempotency;

public sealed class KeyTurnsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly KeptAnswer Kept = new([1], new byte[] { 2 });

    private readonly KeyTurns _turns = new();

    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_waits_gets_what_the_first_kept()
    {
        Assert.Null(await _turns.TryEnter("k", 10, Test)!);
        var waiting = new[] { _turns.TryEnter("k", 10, Test)!, _turns.TryEnter("k", 10, Test)! };
        Assert.Equal(2, _turns.Waiting);

        _turns.Leave("k", Kept);

        Assert.All(await Task.WhenAll(waiting).WaitAsync(Patience, Test), kept => Assert.Same(Kept, kept));
        Assert.Null(await _turns.TryEnter("k", 10, Test)!);
    }

    [Fact]
    public async Task Where_the_first_kept_nothing_it_is_the_next_ones_turn_alone()
    {
        Assert.Null(await _turns.TryEnter("k", 10, Test)!);
        var (second, third) = (_turns.TryEnter("k", 10, Test)!, _turns.TryEnter("k", 10, Test)!);

        _turns.Leave("k", null);

        Assert.Null(await second.WaitAsync(Patience, Test));
        Assert.False(third.IsCompleted);
        _turns.Leave("k", Kept);
        Assert.Same(Kept, await third.WaitAsync(Patience, Test));
    }

    [Fact]
    public async Task Who_gave_up_is_passed_over()
    {
        using var gone = new CancellationTokenSource();
        Assert.Null(await _turns.TryEnter("k", 10, Test)!);
        var (second, third) = (_turns.TryEnter("k", 10, gone.Token)!, _turns.TryEnter("k", 10, Test)!);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(1, _turns.Waiting);
        _turns.Leave("k", null);
        Assert.Null(await third.WaitAsync(Patience, Test));
    }

    [Fact]
    public async Task Keys_do_not_wait_for_each_other_and_share_the_queue()
    {
        Assert.Null(await _turns.TryEnter("a", 1, Test)!);
        Assert.Null(await _turns.TryEnter("b", 1, Test)!);
        Assert.NotNull(_turns.TryEnter("a", 1, Test));
        Assert.Null(_turns.TryEnter("b", 1, Test));
        _turns.Leave("b", null);
        Assert.NotNull(_turns.TryEnter("b", 1, Test));
    }

    /// <summary>Whoever comes and gives up whenever: a key's turn is one request's at a time, and nobody waits in vain.</summary>
    [Fact]
    public async Task A_turn_is_taken_by_one_at_a_time_and_never_lost() => await Gen.Select(Gen.Int[0, 2], Gen.Bool, Gen.Int[0, 3]).Array[1, 60].SampleAsync(
        async requests =>
        {
            var turns = new KeyTurns();
            var running = new int[3];
            await Task.WhenAll(requests.Select(request => Task.Run(async () =>
            {
                var (key, keeps, patience) = request;
                using var gone = new CancellationTokenSource();
                if (patience > 0)
                {
                    gone.CancelAfter(patience);
                }

                try
                {
                    if (await turns.TryEnter($"{key}", int.MaxValue, gone.Token)! is null)
                    {
                        Assert.Equal(1, Interlocked.Increment(ref running[key]));
                        await Task.Yield();
                        Interlocked.Decrement(ref running[key]);
                        turns.Leave($"{key}", keeps ? Kept : null);
                    }
                }
                catch (OperationCanceledException)
                {
                    // It had waited for long enough.
                }
            }))).WaitAsync(Patience, Test);
            Assert.Equal(0, turns.Waiting);
            Assert.All(Enumerable.Range(0, 3), key => Assert.True(turns.TryEnter($"{key}", 0, Test)!.IsCompletedSuccessfully));
        },
        iter: 200);
}
