using System.ComponentModel.DataAnnotations;

namespace Kataven.Membership;

/// <summary>
/// How soon a member that died or froze is replaced, against how long one that is only busy may be silent. Every member of a
/// cluster needs the same; <see cref="FailureDetection"/> has what follows from them.
/// </summary>
internal sealed class FailureDetectionSettings
{
    public const string Section = "Kataven:Cluster:FailureDetection";

    /// <summary>
    /// How long a probe of another member may take, and how far probes are apart, at most: while answers come quickly both are
    /// two fifths of it. 200 milliseconds to 30 seconds.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.2", "00:00:30")]
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>So many missed in a row make a member suspected: 2 to 10.</summary>
    [Range(2, 10)]
    public int MissedProbes { get; set; } = 3;

    /// <summary>How often the members' table is read anew, for what others did not tell. One second to one minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan TableRefresh { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a member writes there that it lives: after three times as long the others count on it no more. One second to one minute.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan AliveEvery { get; set; } = TimeSpan.FromSeconds(5);
}
