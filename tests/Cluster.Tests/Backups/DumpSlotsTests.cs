using Kataven.Cluster.Tests.Silos;
using Kataven.Grains.Backups;
using Kataven.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Kataven.Cluster.Tests.Backups;

/// <summary>Two silos that may dump or restore as many at a time as is the default, together.</summary>
[Collection<TwoSilosCollection>]
public sealed class DumpSlotsTests(TwoSilos silos)
{
    private static readonly int Slots = new BackupOptions().MaxParallel;

    /// <summary>Whoever asks, asks for the last one last.</summary>
    private static readonly string LastQuestion = $"SELECT pg_try_advisory_lock({0x6b617462}, {Slots - 1})";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_more_are_taken_over_all_silos_than_there_are_and_one_that_is_given_back_is_another_silos()
    {
        await silos.WholeAsync();
        Assert.Equal(2, Slots);
        await using var first = new Asker(TakeAsync(0));
        await using var second = new Asker(TakeAsync(1));
        await Eventually.Async(() => first.HasIt && second.HasIt, Promised.Within(seconds: 2), "both have a slot");
        await using var third = new Asker(TakeAsync(0));
        await using var fourth = new Asker(TakeAsync(1));
        await WaitInVainAsync(2);
        Assert.Equal(2, await TakenAsync());

        await second.DisposeAsync();
        await Eventually.Async(() => third.HasIt || fourth.HasIt, Promised.Within(seconds: 2), "one that waited has the slot");
        await WaitInVainAsync(1);
        Assert.Equal(2, await TakenAsync());

        await first.DisposeAsync();
        await Eventually.Async(() => third.HasIt && fourth.HasIt, Promised.Within(seconds: 2), "the other has one too");
    }

    /// <summary>All that a process that is gone leaves is a connection that PostgreSQL finds closed.</summary>
    [Fact]
    public async Task One_whose_holder_is_gone_is_taken_by_another_silo()
    {
        await silos.WholeAsync();
        await using var gone = new Asker(TakeAsync(0));
        await Eventually.Async(() => gone.HasIt, Promised.Within(seconds: 2), "the first has a slot");
        var process = await silos.Server.ScalarAsync<int>($"SELECT pid {Taken}");
        await using var second = new Asker(TakeAsync(1));
        await Eventually.Async(() => second.HasIt, Promised.Within(seconds: 2), "the second has a slot");
        await using var third = new Asker(TakeAsync(1));
        await WaitInVainAsync(1);

        Assert.True(await silos.Server.ScalarAsync<bool>("SELECT pg_terminate_backend($1)", process));

        await Eventually.Async(() => third.HasIt, Promised.Within(seconds: 2), "the one that waited has the slot");
        Assert.Equal(2, await TakenAsync());
        Assert.Equal(0, await silos.Server.ScalarAsync<long>($"SELECT count(*) {Taken} AND pid = $1", process));
    }

    private static string Taken => $"FROM pg_locks WHERE locktype = 'advisory' AND classid = {0x6b617462} AND objsubid = 2 AND granted";

    private Task<IAsyncDisposable> TakeAsync(int silo) => silos.Cluster.Services(silo).GetRequiredService<DumpSlots>().TakeAsync(Cancellation);

    private Task<long> TakenAsync() => silos.Server.ScalarAsync<long>($"SELECT count(*) {Taken}");

    /// <summary>Returns when so many have asked for every slot and got none.</summary>
    private Task WaitInVainAsync(int count) => Eventually.Async(
        async () => await silos.Server.ScalarAsync<long>(
            $"SELECT count(*) FROM pg_stat_activity WHERE query = $1 AND state = 'idle' AND pid NOT IN (SELECT pid {Taken})", LastQuestion) == count,
        Promised.Within(seconds: 2),
        $"{count} wait for a slot");

    /// <summary>Gives the slot back when the test does, or at its end, however that comes.</summary>
    private sealed class Asker(Task<IAsyncDisposable> taking) : IAsyncDisposable
    {
        private bool _hadIt;

        public bool HasIt => taking.IsCompletedSuccessfully && !_hadIt;

        public async ValueTask DisposeAsync()
        {
            if (HasIt)
            {
                _hadIt = true;
                await (await taking).DisposeAsync();
            }
        }
    }
}
