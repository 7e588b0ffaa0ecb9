using Kataven.Grains.Backups;
using Kataven.Testing;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Tests.Backups;

public sealed class S3StoreTests : StoreSuite, IClassFixture<PackagedS3>, IDisposable
{
    private readonly S3Store _store;

    public S3StoreTests(PackagedS3 server)
    {
        Assert.SkipWhen(server.Unavailable is not null, server.Unavailable ?? "");
        _store = new S3Store(
            Options.Create(new BackupOptions
            {
                S3 = new() { Bucket = PackagedS3.Bucket, Prefix = "all", ServiceUrl = server.Address, AccessKey = PackagedS3.Key, SecretKey = PackagedS3.Key, ForcePathStyle = true },
            }),
            TimeProvider.System);
    }

    private protected override IBackupStore Store => _store;

    /// <summary>This server cannot.</summary>
    [Fact]
    public async Task Where_the_server_cannot_list_uploads_there_is_none_to_remove() =>
        Assert.Equal(0, await _store.RemoveUnfinishedAsync(TimeSpan.Zero, Cancellation));

    public void Dispose() => _store?.Dispose();
}
