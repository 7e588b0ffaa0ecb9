using Amazon.Runtime;
using Amazon.S3;
using Kataven.Fleet.Tests.Operations;
using Kataven.Testing;

namespace Kataven.Fleet.Tests.Backups;

/// <summary>
/// A fleet that keeps its backups in a bucket, and has a schedule for every account without one of its own. Where no server of S3's
/// protocol can be had it keeps them in the folder.
/// </summary>
public sealed class BucketService : FleetService
{
    private readonly PackagedS3 _server = new();

    /// <summary>Why there is no bucket; null where there is one.</summary>
    public string? Unavailable => _server.Unavailable;

    /// <summary>The bucket, past the service.</summary>
    public AmazonS3Client Bucket { get; private set; } = null!;

    protected override string[] Arguments =>
    [
        .. base.Arguments,
        // No account is old enough by itself.
        "--Kataven:Backups:DefaultSchedule=10.00:00:00",
        "--Kataven:Backups:DefaultVerifyEvery=1.00:00:00",
        "--Kataven:Backups:DefaultKeep=1",
        .. Unavailable is null
            ? new[]
            {
                $"--Kataven:Backups:S3:Bucket={PackagedS3.Bucket}",
                "--Kataven:Backups:S3:Prefix=fleet",
                $"--Kataven:Backups:S3:ServiceUrl={_server.Address}",
                $"--Kataven:Backups:S3:AccessKey={PackagedS3.Key}",
                $"--Kataven:Backups:S3:SecretKey={PackagedS3.Key}",
                "--Kataven:Backups:S3:ForcePathStyle=true",
            }
            : [],
    ];

    public override async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        await base.InitializeAsync();
        if (Unavailable is null)
        {
            Bucket = new AmazonS3Client(
                new BasicAWSCredentials(PackagedS3.Key, PackagedS3.Key),
                new AmazonS3Config
                {
                    ServiceURL = _server.Address,
                    AuthenticationRegion = "us-east-1",
                    ForcePathStyle = true,
                    RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
                    ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
                });
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Bucket?.Dispose();
        await _server.DisposeAsync();
    }
}
