using Amazon.S3;
using Amazon.S3.Model;

namespace Kataven.Grains.Backups;

/// <summary>
/// One object that is written to its end: in one request where it is short, else in parts of which nothing is seen before
/// <see cref="CompleteAsync"/>. One part is in memory at a time.
/// </summary>
internal sealed class S3Upload(IAmazonS3 client, string bucket, string key) : Stream
{
    private readonly List<PartETag> _parts = [];
    private byte[] _buffer = new byte[S3PartSize.First];
    private int _filled;
    private string? _uploadId;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            if (_filled == _buffer.Length)
            {
                await SendPartAsync(cancellationToken).ConfigureAwait(false);
            }

            var count = Math.Min(buffer.Length, _buffer.Length - _filled);
            buffer[..count].CopyTo(_buffer.AsMemory(_filled));
            _filled += count;
            buffer = buffer[count..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>From here on the object is there.</summary>
    public async Task CompleteAsync(CancellationToken cancellation)
    {
        if (_uploadId is null)
        {
            await client.PutObjectAsync(
                new PutObjectRequest { BucketName = bucket, Key = key, InputStream = Part(), UseChunkEncoding = false, AutoCloseStream = false }, cancellation).ConfigureAwait(false);
            return;
        }

        if (_filled > 0)
        {
            await SendPartAsync(cancellation).ConfigureAwait(false);
        }

        var request = new CompleteMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = _uploadId, PartETags = _parts };
        await client.CompleteMultipartUploadAsync(request, cancellation).ConfigureAwait(false);
        _uploadId = null;
    }

    /// <summary>Gives back the room that the parts take.</summary>
    public async Task AbortAsync(CancellationToken cancellation)
    {
        if (_uploadId is not null)
        {
            await client.AbortMultipartUploadAsync(new AbortMultipartUploadRequest { BucketName = bucket, Key = key, UploadId = _uploadId }, cancellation).ConfigureAwait(false);
            _uploadId = null;
        }
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async Task SendPartAsync(CancellationToken cancellation)
    {
        _uploadId ??= (await client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = bucket, Key = key }, cancellation).ConfigureAwait(false)).UploadId;
        var number = _parts.Count + 1;
        if (number > S3PartSize.MaxParts)
        {
            throw new BackupStoreException($"A backup in a bucket is at most 5 TiB ({S3PartSize.MaxParts} parts): Kataven:Backups:Directory has no such limit.");
        }

        var request = new UploadPartRequest
        {
            BucketName = bucket,
            Key = key,
            UploadId = _uploadId,
            PartNumber = number,
            PartSize = _filled,
            InputStream = Part(),
            UseChunkEncoding = false,
        };
        var answer = await client.UploadPartAsync(request, cancellation).ConfigureAwait(false);
        _parts.Add(new PartETag(number, answer.ETag));
        _filled = 0;
        if (S3PartSize.Of(number + 1) is var next && next > _buffer.Length)
        {
            _buffer = new byte[next];
        }
    }

    private MemoryStream Part() => new(_buffer, 0, _filled, writable: false);
}
