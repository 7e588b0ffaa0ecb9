namespace Kataven.Grains.Rollouts;

/// <summary>The state of <see cref="RolloutBoardGrain"/>.</summary>
[GenerateSerializer, Immutable, Alias("kataven.RolloutBoard")]
internal sealed record RolloutBoard
{
    /// <summary>The newest first.</summary>
    [Id(0)]
    public Guid[] Rollouts { get; init; } = [];
}
