namespace Kataven.EndToEnd.Tests.Lanes;

/// <summary>The tests that share one service with fast lanes.</summary>
[CollectionDefinition(Name)]
public sealed class FastLaneCollection : ICollectionFixture<FastService>
{
    public const string Name = "Fast lanes";
}
