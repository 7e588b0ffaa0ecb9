using System.ComponentModel.DataAnnotations;

namespace Kataven.Grains.Audit;

/// <summary>How long is known who did what.</summary>
public sealed class AuditOptions
{
    public const string Section = "Kataven:Audit";

    /// <summary>Entries of the audit log, operations and rollouts that are older are deleted. One day to 36500 days.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "36500.00:00:00")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(400);
}
