using System.Security.Cryptography;
using Kataven.Fleet.Tests.Operations;
using Kataven.Testing;
using Kataven.Testing.Service;

namespace Kataven.Fleet.Tests.Backups;

/// <summary>The whole way of a backup through a bucket. What every store promises has tests of its own.</summary>
[Collection(BucketCollection.Name)]
public sealed class BucketTests
{
    private readonly BucketService _service;

    public BucketTests(BucketService service)
    {
        Assert.SkipWhen(service.Unavailable is not null, service.Unavailable ?? "");
        _service = service;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_backup_is_made_into_the_bucket_restored_from_it_and_removed_from_it()
    {
        var slug = await _service.NewAccountAsync("bucket");
        await _service.AddItemsAsync(slug, "one");
        var id = await _service.BackUpAsync(slug);
        var backup = await _service.GetAsync($"/accounts/{slug}/backups/{id}");
        var key = Assert.Single(await KeysAsync(id));
        Assert.StartsWith("fleet/", key, StringComparison.Ordinal);
        Assert.Equal(backup.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(await ReadAsync(key))));
        Assert.Empty(_service.FilesOf(id));
        await _service.AddItemsAsync(slug, "two");

        await _service.SucceedAsync($"/accounts/{slug}/restores", new { backup_id = id });

        Assert.Equal("one", await _service.ItemsAsync(slug));
        Assert.Equal(204, (await _service.AskAsync("DELETE", $"/accounts/{slug}/backups/{id}")).Status);
        Assert.Empty(await KeysAsync(id));
    }

    [Fact]
    public async Task An_object_with_one_bit_changed_is_not_restored()
    {
        var slug = await _service.NewAccountAsync("flipped");
        await _service.AddItemsAsync(slug, "one");
        var id = await _service.BackUpAsync(slug);
        await _service.AddItemsAsync(slug, "two");
        var key = Assert.Single(await KeysAsync(id));
        var content = await ReadAsync(key);
        content[content.Length / 2] ^= 1;
        using (var stream = new MemoryStream(content))
        {
            await _service.Bucket.PutObjectAsync(new() { BucketName = PackagedS3.Bucket, Key = key, InputStream = stream, UseChunkEncoding = false }, Cancellation);
        }

        var problem = await _service.FailAsync($"/accounts/{slug}/restores", new { backup_id = id });

        Assert.Equal("operation_failed", problem.GetProperty("code").GetString());
        Assert.Contains("SHA-256", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("one two", await _service.ItemsAsync(slug));
    }

    private async Task<List<string>> KeysAsync(string backup)
    {
        var found = await _service.Bucket.ListObjectsV2Async(new() { BucketName = PackagedS3.Bucket }, Cancellation);
        return [.. from entry in found.S3Objects ?? [] where entry.Key.Contains($"{Guid.Parse(backup):N}", StringComparison.Ordinal) select entry.Key];
    }

    private async Task<byte[]> ReadAsync(string key)
    {
        using var answer = await _service.Bucket.GetObjectAsync(PackagedS3.Bucket, key, Cancellation);
        var content = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(content, Cancellation);
        return content.ToArray();
    }
}
