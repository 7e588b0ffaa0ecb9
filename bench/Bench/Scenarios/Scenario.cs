using Kataven.Bench.Contenders;
using Kataven.Bench.Grounds;

namespace Kataven.Bench.Scenarios;

/// <summary>A load, under which each contender has its turns.</summary>
/// <param name="name">As <c>--only</c> takes it.</param>
/// <param name="words">What is sent, in a sentence or two.</param>
internal abstract class Scenario(string name, string words)
{
    public string Name => name;

    public string Words => words;

    /// <summary>Rivals that take part. PgBouncer only where connections are what it is about: it makes each request dearer.</summary>
    public IReadOnlyList<string> Rivals { get; init; } = [Baseline.ContenderName, Multiplexed.ContenderName, GoTwin.ContenderName];

    public virtual GroundNeeds Needs(Plan plan) => new(GroundNeeds.ManyConnections, plan.Accounts);

    public abstract Task RunAsync(Stage stage, CancellationToken cancellation);
}
