using Kataven.Load;

namespace Kataven.Bench.Scenarios;

/// <summary>What one contender is put through in one cell of a load.</summary>
/// <param name="Cell">What differs between the cells of a load.</param>
/// <param name="Contender">Who.</param>
/// <param name="Processes">Those of the contender.</param>
/// <param name="RunAsync">Runs the load.</param>
internal sealed record Turn(string Cell, string Contender, IReadOnlyList<int> Processes, Func<TurnTime, Task<LoadFigures>> RunAsync)
{
    /// <summary>Whether a further turn is like the first.</summary>
    public bool IsRepeatable { get; init; } = true;
}
