using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Planning;

/// <summary>
/// What is done to the service, and in which order: the same for the same seed. It has no end. When something is done also
/// depends on how long the service takes to recover from what came before.
/// </summary>
internal static class FaultPlan
{
    public static readonly IReadOnlyList<DisturbanceKind> Faults =
    [
        DisturbanceKind.KillSilo,
        DisturbanceKind.FreezeSilo,
        DisturbanceKind.StopSilo,
        DisturbanceKind.KillFront,
        DisturbanceKind.FreezeFront,
        DisturbanceKind.StopFront,
        DisturbanceKind.RestartPostgresFast,
        DisturbanceKind.RestartPostgresImmediate,
        DisturbanceKind.CutDatabase,
        DisturbanceKind.CutClients,
    ];

    public static readonly IReadOnlyList<DisturbanceKind> Works =
    [
        DisturbanceKind.Suspension,
        DisturbanceKind.Restore,
        DisturbanceKind.Clone,
        DisturbanceKind.Rollout,
        DisturbanceKind.Recreation,
    ];

    /// <param name="seed">Of the run.</param>
    /// <param name="kinds">What there is: each comes once before any comes again.</param>
    public static IEnumerable<PlannedFault> Of(ulong seed, IReadOnlyList<DisturbanceKind> kinds)
    {
        var dice = new Dice(seed);
        while (true)
        {
            foreach (var kind in dice.Shuffle(kinds))
            {
                yield return new PlannedFault(kind, dice.Below(1_000), dice.Time(500, 2_500), LengthOf(kind, dice));
            }
        }
    }

    private static TimeSpan LengthOf(DisturbanceKind kind, Dice dice) => kind switch
    {
        DisturbanceKind.FreezeSilo or DisturbanceKind.FreezeFront => dice.Time(3_000, 15_000),
        _ => dice.Time(300, 1_200),
    };
}
