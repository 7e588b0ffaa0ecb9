using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Storage;

namespace Kataven.Silo.Tests.Clustering;

[Collection<TwoSilosCollection>]
public sealed class GrainStateTests(TwoSilos silos)
{
    private readonly string _key = Guid.NewGuid().ToString("N");

    [Fact]
    public async Task A_state_is_written_read_cleared_and_written_again()
    {
        var note = silos.Grains.GetGrain<INoteGrain>(_key);
        Assert.Null(await note.ReadAsync());

        await note.WriteAsync("first");
        await note.WriteAsync("second");
        Assert.Equal("second", await note.ReadAsync());

        await note.ClearAsync();
        Assert.Null(await note.ReadAsync());

        await note.WriteAsync("third");
        Assert.Equal("third", await note.ReadAsync());
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("compound")]
    public async Task Of_two_first_writes_exactly_one_wins(string kind)
    {
        var id = kind == "plain"
            ? GrainId.Create("note", GrainIdKeyExtensions.CreateGuidKey(Guid.NewGuid()).ToString()!)
            : GrainId.Create("note", GrainIdKeyExtensions.CreateGuidKey(Guid.NewGuid(), _key).ToString()!);
        IGrainStorage[] stores = [StoreOf(silos.First), StoreOf(silos.Second)];

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(
            writer => Record.ExceptionAsync(() => WriteAsync(stores[writer % 2], id, etag: null, $"writer {writer}")).AsTask()));

        Assert.Single(outcomes, outcome => outcome is null);
        Assert.All(outcomes.OfType<Exception>(), outcome => Assert.IsType<InconsistentStateException>(outcome));
    }

    [Fact]
    public async Task A_write_a_clear_and_a_delete_from_an_old_version_are_refused()
    {
        var id = GrainId.Create("note", _key);
        var store = StoreOf(silos.First);
        await WriteAsync(store, id, etag: null, "first");
        var state = new GrainState<Note>();
        await store.ReadStateAsync("note", id, state);
        await WriteAsync(store, id, state.ETag, "second");

        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(store, id, state.ETag, "late"));
        await Assert.ThrowsAsync<InconsistentStateException>(() => store.ClearStateAsync("note", id, state));
        await store.ReadStateAsync("note", id, state);
        Assert.Equal("second", state.State?.Text);
    }

    [Fact]
    public async Task A_store_that_deletes_on_clear_leaves_no_row()
    {
        var id = GrainId.Create("note", _key);
        var store = silos.First.GetRequiredKeyedService<IGrainStorage>(TwoSilos.DeletingStore);
        await WriteAsync(store, id, etag: null, "first");
        var stale = new GrainState<Note>();
        await store.ReadStateAsync("note", id, stale);
        var state = new GrainState<Note>();
        await store.ReadStateAsync("note", id, state);

        await store.ClearStateAsync("note", id, state);

        Assert.Equal(0L, await silos.Database.ScalarAsync<long>(
            $"SELECT count(*) FROM orleans.orleansstorage WHERE grainidextensionstring = '{_key}'"));
        await Assert.ThrowsAsync<InconsistentStateException>(() => store.ClearStateAsync("note", id, stale));
        await WriteAsync(store, id, etag: null, "again");
    }

    private static IGrainStorage StoreOf(IServiceProvider silo)
        => silo.GetRequiredKeyedService<IGrainStorage>("Default");

    private static Task WriteAsync(IGrainStorage store, GrainId id, string? etag, string text)
        => store.WriteStateAsync("note", id, new GrainState<Note>(new Note { Text = text }, etag));
}
