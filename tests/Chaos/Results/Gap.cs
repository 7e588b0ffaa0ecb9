using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Results;

/// <summary>A time in which an account gave no answer that is one, from one such answer to the next.</summary>
internal sealed record Gap(string Account, TimeSpan From, TimeSpan To)
{
    public TimeSpan Length => To - From;

    /// <summary>Of each account the gaps that are no wonder are left out: it was suspended, or deleted.</summary>
    public static IReadOnlyList<Gap> Of(History history) =>
        [.. from life in history.Operations.Where(operation => operation.Outcome == Outcome.Acknowledged).GroupBy(operation => operation.Life)
            let ends = life.Select(operation => operation.End).Order().ToList()
            from pair in ends.Zip(ends.Skip(1))
            let gap = new Gap(life.First().Account, pair.First, pair.Second)
            where !history.Disturbances.Any(disturbance => disturbance.Kind is DisturbanceKind.Suspension or DisturbanceKind.Recreation
                && disturbance.Target == gap.Account && disturbance.From <= gap.To && disturbance.To >= gap.From)
            select gap];

    public bool Overlaps(Disturbance disturbance) => From <= disturbance.To && To >= disturbance.From;
}
