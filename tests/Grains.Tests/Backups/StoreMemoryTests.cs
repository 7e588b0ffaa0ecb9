using Kataven.Grains.Backups;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Tests.Backups;

/// <summary>Alone in the process, since it counts all that the process allocates.</summary>
[CollectionDefinition("Memory", DisableParallelization = true)]
[Collection("Memory")]
public sealed class StoreMemoryTests
{
    private const int Chunk = 128 * 1024;
    private const int Chunks = 1600;

    /// <summary>The buffer of a part, another's that the SDK takes, and what it takes for a request. 200 MiB pass.</summary>
    private const long Enough = 60L * 1024 * 1024;

    [Fact]
    public async Task A_folder_takes_any_length_with_the_same_memory()
    {
        using var folder = new TemporaryFolder();
        await AssertFlatAsync(new FolderStore(Options.Create(new BackupOptions { Directory = folder.Path }), TimeProvider.System), 4 * 1024 * 1024, reads: true);
    }

    [Fact]
    public async Task A_bucket_takes_any_length_with_the_same_memory()
    {
        await using var server = await FakeS3.StartAsync();
        using var store = new S3Store(
            Options.Create(new BackupOptions { S3 = new() { Bucket = "b", ServiceUrl = server.Address, AccessKey = "a", SecretKey = "s", ForcePathStyle = true } }), TimeProvider.System);
        await AssertFlatAsync(store, Enough, reads: false);
    }

    private static async Task AssertFlatAsync(IBackupStore store, long most, bool reads)
    {
        var (chunk, name, cancellation) = (new byte[Chunk], new BackupName(Guid.NewGuid(), Guid.NewGuid()), TestContext.Current.CancellationToken);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var stored = await store.WriteAsync(name, async (stream, token) =>
        {
            for (var i = 0; i < Chunks; i++)
            {
                await stream.WriteAsync(chunk, token);
            }
        }, cancellation);
        if (reads)
        {
            await store.VerifyAsync(name, stored, cancellation);
        }

        Assert.Equal((long)Chunk * Chunks, stored.Bytes);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, most);
    }
}
