using System.Diagnostics.Metrics;

namespace Kataven.Grains.Observability;

/// <summary>Where the histograms' buckets end.</summary>
internal static class Buckets
{
    /// <summary>From a tenth of a millisecond, since a lane that is idle is lent in less, to the longest wait.</summary>
    public static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    };
}
