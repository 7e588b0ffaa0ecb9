using Kataven.Bench.Measuring;

namespace Kataven.Bench.Results;

/// <summary>What one contender did in one cell of a load.</summary>
internal sealed record ResultEntry(string Load, string Cell, string Contender, bool Quick, DateTimeOffset At, List<Measurement> Rounds)
{
    /// <summary>What else was found: of loads that are not only about requests.</summary>
    public List<Fact> Facts { get; init; } = [];
}
