using System.Text.Json.Serialization;

namespace Kataven.Bench.Results;

/// <summary>A figure that is not about requests.</summary>
/// <param name="What">Of what.</param>
/// <param name="Unit">In what.</param>
/// <param name="Values">One for each time that it was measured.</param>
/// <param name="Words">What is said instead of a number; null for a number.</param>
internal sealed record Fact(string What, string Unit, List<double> Values, string? Words = null)
{
    /// <summary>0 where there are words.</summary>
    [JsonIgnore]
    public double Median
    {
        get
        {
            var sorted = Values.Order().ToList();
            return sorted.Count == 0 ? 0 : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
        }
    }

    [JsonIgnore]
    public double Worst => Values.DefaultIfEmpty().Max();
}
