using Kataven.Api.Tenancy;
using Microsoft.Extensions.Time.Testing;
using Orleans.Runtime;

namespace Kataven.Api.Tests.Tenancy;

/// <summary>For how long a call is tried: for as long as nobody answers.</summary>
public sealed class GrainTriesTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task The_time_counts_from_the_first_failure()
    {
        var tries = new GrainTries(Limit, _time);
        Assert.True(await FailAsync(tries, TimeSpan.FromMinutes(10)));
        var failed = _time.GetTimestamp();

        while (await FailAsync(tries, TimeSpan.FromSeconds(1)))
        {
            Assert.True(_time.GetElapsedTime(failed) < Limit + TimeSpan.FromSeconds(3));
        }

        Assert.True(_time.GetElapsedTime(failed) >= Limit - TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task What_a_silo_has_worked_on_does_not_count()
    {
        var tries = new GrainTries(Limit, _time);
        for (var i = 0; i < 6; i++)
        {
            Assert.True(await FailAsync(tries, TimeSpan.FromMinutes(5)));
        }

        // Else it would never end.
        Assert.False(await FailAsync(tries, TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public async Task What_was_waited_for_until_its_limit_counts_whole()
    {
        var tries = new GrainTries(Limit, _time);
        Assert.True(await FailAsync(tries, TimeSpan.FromSeconds(20), new TimeoutException()));
        Assert.False(await FailAsync(tries, TimeSpan.FromSeconds(20), new TimeoutException()));
    }

    [Fact]
    public async Task A_limit_of_nothing_is_one_try()
    {
        Assert.False(await FailAsync(new GrainTries(TimeSpan.Zero, _time), TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task The_next_try_does_not_come_where_the_request_has_ended()
    {
        using var request = new CancellationTokenSource();
        var pause = new GrainTries(Limit, _time).PauseAsync(request.Token);

        await request.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pause);
    }

    /// <summary>A try that takes as long, and the pause after it.</summary>
    private async Task<bool> FailAsync(GrainTries tries, TimeSpan took, Exception? failure = null)
    {
        _time.Advance(took);
        tries.Note(failure ?? new SiloUnavailableException());
        var pause = tries.PauseAsync(TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(1));
        return await pause;
    }
}
