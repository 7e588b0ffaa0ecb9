using System.ComponentModel.DataAnnotations;

namespace Kataven.Membership;

/// <summary>Which cluster a process joins, and how.</summary>
internal sealed class ClusterSettings
{
    public const string Section = "Kataven:Cluster";

    /// <summary>Processes that share it are one cluster.</summary>
    [Required, RegularExpression("^[A-Za-z0-9_.-]{1,100}$")]
    public string ClusterId { get; set; } = "kataven";

    /// <summary>What grain state and reminders belong to: it outlives a cluster.</summary>
    [Required, RegularExpression("^[A-Za-z0-9_.-]{1,100}$")]
    public string ServiceId { get; set; } = "kataven";

    /// <summary>How a front door reaches the silos.</summary>
    [EnumDataType(typeof(FrontKind))]
    public FrontKind Front { get; set; } = FrontKind.Silo;

    /// <summary>How long a process waits at its start for PostgreSQL and the system database: 0 to 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan StartDeadline { get; set; } = TimeSpan.FromMinutes(1);
}
