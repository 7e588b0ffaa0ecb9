using Kataven.Grains.Backups;

namespace Kataven.Grains.Tests.Backups;

/// <summary>What every store promises.</summary>
public abstract class StoreSuite
{
    /// <summary>Longer than two parts of an upload.</summary>
    private const int Long = 20 * 1024 * 1024;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected abstract IBackupStore Store { get; }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(8 * 1024 * 1024)]
    [InlineData(Long)]
    public async Task What_was_written_is_read_again(int length)
    {
        var (name, bytes) = (NewName(), Bytes(length));
        var stored = await WriteAsync(name, bytes);

        Assert.Equal(length, stored.Bytes);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), stored.Sha256);
        await using var stream = await Store.OpenReadAsync(name, stored, Cancellation);
        var read = new MemoryStream();
        await stream.CopyToAsync(read, Cancellation);
        Assert.True(bytes.AsSpan().SequenceEqual(read.ToArray()));
        Assert.Contains(await ListAsync(), entry => entry.Name == name && entry.Bytes == length);
    }

    [Theory]
    [InlineData("truncated", "ends after")]
    [InlineData("flipped", "SHA-256")]
    [InlineData("swapped", "SHA-256")]
    [InlineData("longer", "longer")]
    [InlineData("empty", "ends after")]
    public async Task What_is_not_what_was_written_is_refused(string damage, string told)
    {
        var (name, bytes) = (NewName(), Bytes(100_000));
        var stored = await WriteAsync(name, bytes);
        await Store.VerifyAsync(name, stored, Cancellation);
        await WriteAsync(name, Damaged(bytes, damage));

        var refused = await Assert.ThrowsAsync<BackupCorruptException>(() => Store.VerifyAsync(name, stored, Cancellation));
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
        Assert.Contains(name.ToString(), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_writer_that_fails_leaves_nothing()
    {
        var name = NewName();
        var failure = await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Store.WriteAsync(name, async (stream, cancellation) =>
        {
            await stream.WriteAsync(Bytes(Long), cancellation);
            throw new InvalidTimeZoneException("mine");
        }, Cancellation));

        Assert.Equal("mine", failure.Message);
        await AssertNothingAsync(name);
    }

    [Fact]
    public async Task A_writer_that_is_cancelled_leaves_nothing()
    {
        var name = NewName();
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.WriteAsync(name, async (stream, cancellation) =>
        {
            await stream.WriteAsync(Bytes(Long), cancellation);
            await cancel.CancelAsync();
            await stream.WriteAsync(Bytes(Long), cancellation);
        }, cancel.Token));

        await AssertNothingAsync(name);
    }

    [Fact]
    public async Task What_is_deleted_is_gone_and_may_be_deleted_again()
    {
        var name = NewName();
        var stored = await WriteAsync(name, Bytes(10));
        await Store.DeleteAsync(name, Cancellation);
        await Store.DeleteAsync(name, Cancellation);

        await AssertNothingAsync(name);
        var refused = await Assert.ThrowsAsync<BackupStoreException>(() => Store.VerifyAsync(name, stored, Cancellation));
        Assert.Contains("Kataven:Backups:", refused.Message, StringComparison.Ordinal);
    }

    protected virtual async Task AssertNothingOfAsync(string text) =>
        Assert.DoesNotContain(await ListAsync(), entry => entry.Name.ToString().Contains(text, StringComparison.Ordinal));

    private protected static BackupName NewName() => new(Guid.NewGuid(), Guid.NewGuid());

    private protected Task<StoredBackup> WriteAsync(BackupName name, byte[] bytes) =>
        Store.WriteAsync(name, (stream, cancellation) => stream.WriteAsync(bytes, cancellation).AsTask(), Cancellation);

    private protected async Task<List<StoreEntry>> ListAsync()
    {
        var entries = new List<StoreEntry>();
        await foreach (var entry in Store.ListAsync(Cancellation))
        {
            entries.Add(entry);
        }

        return entries;
    }

    protected static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private Task AssertNothingAsync(BackupName name) => AssertNothingOfAsync(name.Folder);

    private static byte[] Damaged(byte[] bytes, string damage)
    {
        var damaged = bytes.ToArray();
        damaged[bytes.Length / 2] ^= 1;
        return damage switch
        {
            "truncated" => bytes[..^1],
            "flipped" => damaged,
            "swapped" => [.. bytes.Reverse()],
            "longer" => [.. bytes, 0],
            _ => [],
        };
    }
}
