using Kataven.Load;

namespace Kataven.Bench.Measuring;

/// <summary>One round of one contender under one load.</summary>
/// <param name="Figures">What its callers saw.</param>
/// <param name="ServiceCpu">Seconds of processor time of the contender.</param>
/// <param name="PostgresCpu">Seconds of processor time of PostgreSQL, all of its processes.</param>
/// <param name="Connections">The most connections to PostgreSQL that were seen.</param>
/// <param name="Lanes">The most of them to accounts' databases that were seen at once.</param>
/// <param name="ResidentBytes">The contender's memory at the end.</param>
/// <param name="Others">The part of the machine's processor time that neither the benchmark nor anything it started used.</param>
internal sealed record Measurement(LoadFigures Figures, double ServiceCpu, double PostgresCpu, int Connections, int Lanes, long ResidentBytes, double Others)
{
    /// <summary>From this part of the machine on, others have taken enough to make a rate or a latency say little.</summary>
    public const double Disturbing = 0.1;

    public bool IsQuiet => Others < Disturbing;
}
