using Kataven.Grains.Backups;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Kataven.Grains.Tests.Backups;

/// <summary>What a bucket is left with when an upload does not come to its end.</summary>
public sealed class S3UploadTests : IAsyncLifetime
{
    private const int Chunk = 1024 * 1024;

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private FakeS3 _server = null!;
    private S3Store _store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeS3.StartAsync();
        var s3 = new S3Options { Bucket = "b", Prefix = "backups", ServiceUrl = _server.Address, AccessKey = "a", SecretKey = "s", ForcePathStyle = true };
        _store = new S3Store(Options.Create(new BackupOptions { S3 = s3 }), _time);
    }

    [Theory]
    [InlineData("a part", 1)]
    [InlineData("a part", 2)]
    [InlineData("its end", 0)]
    public async Task An_upload_that_is_refused_is_given_up_and_told_with_the_setting(string what, int part)
    {
        _server.Refuses = request => what == "a part"
            ? request.Query["partNumber"] == $"{part}"
            : request.Method == "POST" && request.Query.ContainsKey("uploadId");

        var refused = await Assert.ThrowsAsync<BackupStoreException>(() => WriteAsync(20));

        Assert.Contains("Kataven:Backups:S3", refused.Message, StringComparison.Ordinal);
        Assert.Contains("not today", refused.Message, StringComparison.Ordinal);
        Assert.Empty(_server.Uploads);
        Assert.Empty(_server.Objects);
    }

    [Fact]
    public async Task An_upload_that_cannot_even_be_given_up_is_removed_once_it_is_old()
    {
        _server.Refuses = request => request.Query["partNumber"] == "2" || request.Method == "DELETE";
        await Assert.ThrowsAsync<BackupStoreException>(() => WriteAsync(20));
        _server.Uploads["other"] = ("backups/somebody/elses", _time.GetUtcNow(), new());
        _server.Refuses = _ => false;

        Assert.Equal(0, await _store.RemoveUnfinishedAsync(TimeSpan.FromHours(1), Cancellation));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, await _store.RemoveUnfinishedAsync(TimeSpan.FromHours(1), Cancellation));
        Assert.Equal("other", Assert.Single(_server.Uploads).Key);
    }

    [Fact]
    public async Task A_short_one_is_one_request()
    {
        await WriteAsync(1);
        Assert.Equal(Chunk, Assert.Single(_server.Objects).Value);
    }

    [Fact]
    public void Parts_grow_so_that_ten_thousand_of_them_are_five_tebibytes_and_are_small_at_first()
    {
        Assert.All(Enumerable.Range(1, 800), part => Assert.Equal(S3PartSize.First, S3PartSize.Of(part)));
        Assert.True(Enumerable.Range(1, S3PartSize.MaxParts).Sum(part => (long)S3PartSize.Of(part)) >= 5L << 40);
    }

    public async ValueTask DisposeAsync()
    {
        _store.Dispose();
        await _server.DisposeAsync();
    }

    private Task<StoredBackup> WriteAsync(int chunks) => _store.WriteAsync(new BackupName(Guid.NewGuid(), Guid.NewGuid()), async (stream, cancellation) =>
    {
        for (var i = 0; i < chunks; i++)
        {
            await stream.WriteAsync(new byte[Chunk], cancellation);
        }
    }, Cancellation);
}
