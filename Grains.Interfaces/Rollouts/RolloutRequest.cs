using System.Collections.Immutable;
using Kataven.Accounts;

namespace Kataven.Rollouts;

/// <summary>A rollout to begin.</summary>
/// <param name="Target">The version that accounts are brought to; null for the newest.</param>
/// <param name="Canaries">The accounts that come first, all of them before any other.</param>
/// <param name="WaveSize">Accounts of a wave: the next one begins when all of them have ended.</param>
/// <param name="Parallelism">Accounts that are migrated at once.</param>
/// <param name="MaxFailures">More failed accounts than that stop it.</param>
/// <param name="Actor">Who wants it, for the audit log.</param>
[GenerateSerializer, Immutable, Alias("kataven.RolloutRequest")]
public sealed record RolloutRequest(
    [property: Id(0)] int? Target,
    [property: Id(1)] ImmutableArray<AccountId> Canaries,
    [property: Id(2)] int WaveSize,
    [property: Id(3)] int Parallelism,
    [property: Id(4)] int MaxFailures,
    [property: Id(5)] string Actor);
