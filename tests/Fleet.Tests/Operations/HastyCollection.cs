namespace Kataven.Fleet.Tests.Operations;

/// <summary>The tests that share one <see cref="HastyService"/>.</summary>
[CollectionDefinition(Name)]
public sealed class HastyCollection : ICollectionFixture<HastyService>
{
    public const string Name = "Fleet with short times";
}
