using System.ComponentModel.DataAnnotations;

namespace Kataven.Api.Tenancy;

/// <summary>What a front door remembers of the registry.</summary>
internal sealed class RegistryOptions
{
    public const string Section = "Kataven:Registry";

    /// <summary>
    /// For how long an account that was active is taken to be so without asking: 0 to 1 s. The tenant grain refuses what was
    /// decided by an older row, so that a suspension is in force at once all the same.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromMilliseconds(500);
}
