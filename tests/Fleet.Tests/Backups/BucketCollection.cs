namespace Kataven.Fleet.Tests.Backups;

/// <summary>The tests that share one <see cref="BucketService"/>.</summary>
[CollectionDefinition(Name)]
public sealed class BucketCollection : ICollectionFixture<BucketService>
{
    public const string Name = "Fleet with a bucket";
}
