using Kataven.Grains.Backups;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Tests.Backups;

/// <summary>What is told when a bucket stops giving a backup half-way.</summary>
public sealed class S3DownloadTests : IAsyncLifetime
{
    private const int Length = 2 * 1024 * 1024;

    private readonly BackupName _name = new(Guid.NewGuid(), Guid.NewGuid());
    private FakeS3 _server = null!;
    private S3Store _store = null!;
    private StoredBackup _stored = null!;

    private IBackupStore Store => _store;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeS3.StartAsync();
        var s3 = new S3Options { Bucket = "b", Prefix = "backups", ServiceUrl = _server.Address, AccessKey = "a", SecretKey = "s", ForcePathStyle = true };
        _store = new S3Store(Options.Create(new BackupOptions { S3 = s3 }), TimeProvider.System);
        _stored = await _store.WriteAsync(_name, (stream, cancellation) => stream.WriteAsync(new byte[Length], cancellation).AsTask(), Cancellation);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(Length - 1)]
    public async Task A_download_that_breaks_off_is_told_as_the_stores_with_the_setting(long after)
    {
        await Store.VerifyAsync(_name, _stored, Cancellation);
        _server.CutsAfter = after;

        var failed = await Assert.ThrowsAsync<BackupStoreException>(() => Store.VerifyAsync(_name, _stored, Cancellation));

        Assert.Contains("The bucket b (Kataven:Backups:S3)", failed.Message, StringComparison.Ordinal);
        Assert.NotNull(failed.InnerException);
    }

    [Fact]
    public async Task Whoever_reads_it_synchronously_is_told_the_same()
    {
        _server.CutsAfter = 100_000;
        await using var stream = await Store.OpenReadAsync(_name, _stored, Cancellation);

        Assert.Throws<BackupStoreException>(() => stream.CopyTo(Stream.Null));
    }

    [Fact]
    public async Task A_reader_that_is_cancelled_is_told_that()
    {
        using var cancel = new CancellationTokenSource();
        await using var stream = await Store.OpenReadAsync(_name, _stored, cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.CopyToAsync(Stream.Null, cancel.Token));
    }

    public async ValueTask DisposeAsync()
    {
        _store.Dispose();
        await _server.DisposeAsync();
    }
}
