using System.Security.Cryptography;

namespace Kataven.Grains.Backups;

/// <summary>Reads a backup, and fails at its end rather than give the end of something else.</summary>
internal sealed class VerifiedStream(Stream inner, BackupName name, StoredBackup expected) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _read;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => expected.Bytes;

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return Account(buffer.Span, count);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        return Account(buffer.AsSpan(offset, count), read);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private int Account(ReadOnlySpan<byte> buffer, int count)
    {
        if (count == 0 && buffer.Length > 0 && !_ended)
        {
            _ended = true;
            RequireWhole();
        }

        _read += count;
        if (_read > expected.Bytes)
        {
            throw new BackupCorruptException(name, $"it is longer than its {expected.Bytes} bytes");
        }

        _hash.AppendData(buffer[..count]);
        return count;
    }

    private void RequireWhole()
    {
        if (_read < expected.Bytes)
        {
            throw new BackupCorruptException(name, $"it ends after {_read} of {expected.Bytes} bytes");
        }

        if (Convert.ToHexStringLower(_hash.GetCurrentHash()) != expected.Sha256)
        {
            throw new BackupCorruptException(name, "its SHA-256 is another");
        }
    }
}
