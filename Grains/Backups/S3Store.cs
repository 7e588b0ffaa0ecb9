using System.Net;
using System.Runtime.CompilerServices;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Options;

namespace Kataven.Grains.Backups;

/// <summary>Backups as objects of a bucket.</summary>
internal sealed class S3Store : IBackupStore, IDisposable
{
    /// <summary>To give up an upload has to end too, where the server does not answer.</summary>
    private static readonly TimeSpan AbortWithin = TimeSpan.FromSeconds(30);

    private readonly AmazonS3Client _client;
    private readonly TimeProvider _time;
    private readonly string _bucket;
    private readonly string _prefix;

    public S3Store(IOptions<BackupOptions> options, TimeProvider time)
    {
        var s3 = options.Value.S3;
        _client = ClientOf(s3);
        _time = time;
        _bucket = s3.Bucket!;
        _prefix = s3.Prefix is { Length: > 0 } prefix ? prefix.Trim('/') + "/" : "";
    }

    public async Task<StoredBackup> WriteAsync(BackupName name, Func<Stream, CancellationToken, Task> write, CancellationToken cancellation)
    {
        await using var upload = new S3Upload(_client, _bucket, KeyOf(name));
        try
        {
            await using var hashing = new HashingStream(upload);
            await write(hashing, cancellation).ConfigureAwait(false);
            await upload.CompleteAsync(cancellation).ConfigureAwait(false);
            return hashing.Written();
        }
        catch (Exception exception)
        {
            await AbortAsync(upload).ConfigureAwait(false);
            throw IsOfTheStore(exception) ? Told(exception) : exception;
        }
    }

    public async Task<Stream> OpenUncheckedAsync(BackupName name, CancellationToken cancellation)
    {
        try
        {
            var answer = await _client.GetObjectAsync(_bucket, KeyOf(name), cancellation).ConfigureAwait(false);
            return new StoreStream(answer.ResponseStream, exception => IsOfTheStore(exception) ? Told(exception) : exception);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            throw new BackupStoreException($"The backup {name} is not in the bucket {_bucket} (Kataven:Backups:S3:Bucket).", exception);
        }
        catch (Exception exception) when (IsOfTheStore(exception))
        {
            throw Told(exception);
        }
    }

    public async Task DeleteAsync(BackupName name, CancellationToken cancellation)
    {
        try
        {
            await _client.DeleteObjectAsync(_bucket, KeyOf(name), cancellation).ConfigureAwait(false);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            // Amazon's answers that it is gone, others that it never was.
        }
        catch (Exception exception) when (IsOfTheStore(exception))
        {
            throw Told(exception);
        }
    }

    public async IAsyncEnumerable<StoreEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var request = new ListObjectsV2Request { BucketName = _bucket, Prefix = _prefix };
        do
        {
            var page = await PageAsync(request, cancellation).ConfigureAwait(false);
            foreach (var found in page.S3Objects ?? [])
            {
                if (BackupName.TryParse(found.Key[_prefix.Length..], out var name))
                {
                    yield return new StoreEntry(name, found.Size ?? 0, new DateTimeOffset((found.LastModified ?? default).ToUniversalTime(), TimeSpan.Zero));
                }
            }

            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
    }

    public async Task<int> RemoveUnfinishedAsync(TimeSpan olderThan, CancellationToken cancellation)
    {
        try
        {
            return await RemoveUploadsAsync(_time.GetUtcNow() - olderThan, cancellation).ConfigureAwait(false);
        }
        catch (AmazonS3Exception exception) when (exception.StatusCode == HttpStatusCode.NotImplemented)
        {
            // Not every server can list uploads. The objects are to be swept all the same.
            return 0;
        }
        catch (Exception exception) when (IsOfTheStore(exception))
        {
            throw Told(exception);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<int> RemoveUploadsAsync(DateTimeOffset before, CancellationToken cancellation)
    {
        var removed = 0;
        var request = new ListMultipartUploadsRequest { BucketName = _bucket, Prefix = _prefix };
        for (var more = true; more;)
        {
            var page = await _client.ListMultipartUploadsAsync(request, cancellation).ConfigureAwait(false);
            foreach (var upload in page.MultipartUploads ?? [])
            {
                // Another program's, and one that is under way, is none of ours to end.
                if (BackupName.TryParse(upload.Key[_prefix.Length..], out _) && (upload.Initiated ?? DateTime.MaxValue).ToUniversalTime() < before.UtcDateTime)
                {
                    await _client.AbortMultipartUploadAsync(_bucket, upload.Key, upload.UploadId, cancellation).ConfigureAwait(false);
                    removed++;
                }
            }

            (request.KeyMarker, request.UploadIdMarker, more) = (page.NextKeyMarker, page.NextUploadIdMarker, page.IsTruncated == true);
        }

        return removed;
    }

    private async Task<ListObjectsV2Response> PageAsync(ListObjectsV2Request request, CancellationToken cancellation)
    {
        try
        {
            return await _client.ListObjectsV2Async(request, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfTheStore(exception))
        {
            throw Told(exception);
        }
    }

    /// <summary>What could not be given back is found by <see cref="RemoveUnfinishedAsync"/>.</summary>
    private async Task AbortAsync(S3Upload upload)
    {
        using var limit = new CancellationTokenSource(AbortWithin, _time);
        try
        {
            await upload.AbortAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfTheStore(exception) || exception is OperationCanceledException)
        {
        }
    }

    private string KeyOf(BackupName name) => _prefix + name;

    private static bool IsOfTheStore(Exception exception) => exception is AmazonServiceException or AmazonClientException or HttpRequestException or IOException;

    private BackupStoreException Told(Exception exception) =>
        new($"The bucket {_bucket} (Kataven:Backups:S3) cannot be used: {exception.Message}", exception);

    private static AmazonS3Client ClientOf(S3Options s3)
    {
        var config = new AmazonS3Config
        {
            ForcePathStyle = s3.ForcePathStyle,
            // The service has a hash of its own over all of it. Not every server knows the SDK's newer ones.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        };
        if (s3.ServiceUrl is { Length: > 0 } address)
        {
            config.ServiceURL = address;
            config.AuthenticationRegion = s3.Region ?? "us-east-1";
        }
        else
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(s3.Region);
        }

        return s3.AccessKey is { Length: > 0 } key ? new AmazonS3Client(new BasicAWSCredentials(key, s3.SecretKey), config) : new AmazonS3Client(config);
    }
}
