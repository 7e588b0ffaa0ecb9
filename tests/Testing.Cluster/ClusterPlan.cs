namespace Kataven.Testing.Cluster;

/// <summary>Which processes a cluster has, and what they are told.</summary>
public sealed record ClusterPlan
{
    public int Silos { get; init; } = 2;

    public int Fronts { get; init; } = 1;

    /// <summary>Silo or Client.</summary>
    public string FrontKind { get; init; } = "Silo";

    /// <summary>Environment variables of every process.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>Whatever becomes of the test, no process lives longer.</summary>
    public TimeSpan LongestLife { get; init; } = TimeSpan.FromMinutes(10);
}
