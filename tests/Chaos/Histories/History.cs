namespace Kataven.Chaos.Histories;

/// <summary>All that a run has seen.</summary>
internal sealed record History
{
    public IReadOnlyList<Operation> Operations { get; init; } = [];

    public IReadOnlyList<AccountLife> Lives { get; init; } = [];

    public IReadOnlyList<Disturbance> Disturbances { get; init; } = [];

    public IReadOnlyList<Inspection> Inspections { get; init; } = [];

    public IReadOnlyList<Replacement> Replacements { get; init; } = [];

    public IReadOnlyList<Suspension> Suspensions { get; init; } = [];

    public IReadOnlyList<LaneExcess> Excesses { get; init; } = [];

    public IReadOnlyList<Incident> Incidents { get; init; } = [];
}
