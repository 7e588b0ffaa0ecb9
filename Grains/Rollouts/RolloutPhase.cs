namespace Kataven.Grains.Rollouts;

/// <summary>Whose turn it is.</summary>
[GenerateSerializer, Alias("kataven.RolloutPhase")]
internal enum RolloutPhase
{
    Canaries,
    Waves,
}
