using Kataven.Chaos.Histories;

namespace Kataven.Chaos.Runs;

/// <summary>What one run has left behind.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Took">From the first client until the last look.</param>
/// <param name="History">What was seen.</param>
/// <param name="Output">What the processes wrote.</param>
/// <param name="Samples">Looks at the connections.</param>
/// <param name="MostLanes">The most connections at one time.</param>
/// <param name="MostLanesOfOne">The most of one account.</param>
internal sealed record RunResult(ulong Seed, TimeSpan Took, History History, string Output, int Samples, int MostLanes, int MostLanesOfOne);
