using System.ComponentModel.DataAnnotations;

namespace Kataven.Grains.Migrations;

/// <summary>Where the migrations of the accounts' databases are, and how long one may take.</summary>
public sealed class MigrationOptions
{
    public const string Section = "Kataven:Migrations";

    /// <summary>The folder of the scripts, from the content root where it is relative. Only one that was set has to be there.</summary>
    [Required]
    public string Directory { get; set; } = "migrations";

    /// <summary>Whether an account is migrated when it is first used.</summary>
    public bool AtFirstUse { get; set; }

    /// <summary>How long one statement of a script may run, whatever it sets for itself. One second to one day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long one statement of a script may wait for a lock, which holds up whoever comes after it. A tenth of a second to ten minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
