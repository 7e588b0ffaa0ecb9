using System.Globalization;
using Kataven.Bench.Measuring;

namespace Kataven.Bench.Results;

/// <summary>
/// The rounds of an entry together: those in which others left the machine alone, where there are any. Times are milliseconds,
/// costs are microseconds a request.
/// </summary>
internal sealed class Summary(ResultEntry entry)
{
    private readonly List<Measurement> _rounds =
        entry.Rounds.Exists(round => round.IsQuiet) ? entry.Rounds.FindAll(round => round.IsQuiet) : entry.Rounds;

    private long Requests => _rounds.Sum(round => round.Figures.Requests);

    public double Rate => Requests / _rounds.Sum(round => round.Figures.Seconds);

    public double P50 => Quantile(0.5) ?? _rounds.Average(round => round.Figures.P50);

    public double P99 => Quantile(0.99) ?? _rounds.Average(round => round.Figures.P99);

    /// <summary>The longest latency of all rounds.</summary>
    public double Slowest => entry.Rounds.Max(round => round.Figures.Slowest);

    public double ServiceCpu => Cost(_rounds.Sum(round => round.ServiceCpu));

    public double PostgresCpu => Cost(_rounds.Sum(round => round.PostgresCpu));

    public double Cpu => ServiceCpu + PostgresCpu;

    public int Connections => entry.Rounds.Max(round => round.Connections);

    public int Lanes => entry.Rounds.Max(round => round.Lanes);

    public double MemoryMiB => _rounds.Max(round => round.ResidentBytes) / 1048576.0;

    /// <summary>The part of the machine that was not the benchmark's.</summary>
    public double Others => _rounds.Average(round => round.Others);

    public long Errors => entry.Rounds.Sum(round => round.Figures.Errors);

    /// <summary>By how much the rounds' rates differ, as a part of their mean.</summary>
    public double Spread
    {
        get
        {
            var rates = _rounds.Select(round => round.Figures.Requests / round.Figures.Seconds).ToList();
            return rates.Max() > 0 ? (rates.Max() - rates.Min()) / rates.Average() : 0;
        }
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Rate,8:0}/s  p50 {P50,7:0.00} ms  p99 {P99,7:0.00} ms  CPU {ServiceCpu,5:0} + {PostgresCpu,5:0} µs  {Connections,3} connections  {MemoryMiB,4:0} MiB  others {Others:0 %}{(Errors == 0 ? "" : $"  {Errors} ERRORS: {entry.Rounds[0].Figures.FirstError}")}");

    private double Cost(double seconds) => Requests == 0 ? 0 : seconds * 1e6 / Requests;

    /// <summary>Of the latencies of the rounds, where they were kept.</summary>
    private double? Quantile(double part)
    {
        var samples = _rounds.SelectMany(round => round.Figures.Samples ?? []).Order().ToArray();
        return samples.Length == 0 ? null : samples[(int)Math.Ceiling(part * samples.Length) - 1];
    }
}
