namespace Kataven.Load;

/// <summary>What came of a load. Times are milliseconds.</summary>
/// <param name="Requests">Answered with 200.</param>
/// <param name="Errors">Answered with anything else, or not at all.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="P50">Of the answered ones.</param>
/// <param name="P99">Of the answered ones.</param>
/// <param name="Slowest">Of the answered ones.</param>
/// <param name="FirstError">What the first error said, where it is known.</param>
/// <param name="Samples">Each latency, where they were to be kept.</param>
public sealed record LoadFigures(
    long Requests, long Errors, double Seconds, double P50, double P99, double Slowest, string? FirstError = null, double[]? Samples = null)
{
    public static LoadFigures Of(IEnumerable<double> latencies, long errors, double seconds, string? firstError, bool keepSamples)
    {
        var sorted = latencies.Order().ToArray();
        return new LoadFigures(
            sorted.Length, errors, seconds, Quantile(sorted, 0.5), Quantile(sorted, 0.99), Quantile(sorted, 1), firstError, keepSamples ? sorted : null);
    }

    private static double Quantile(double[] sorted, double part) =>
        sorted.Length == 0 ? 0 : sorted[Math.Clamp((int)Math.Ceiling(part * sorted.Length) - 1, 0, sorted.Length - 1)];
}
