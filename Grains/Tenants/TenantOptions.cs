using System.ComponentModel.DataAnnotations;

namespace Kataven.Grains.Tenants;

/// <summary>What every account may use unless its row says otherwise, and when an unused one gives back its connections.</summary>
public sealed class TenantOptions
{
    public const string Section = "Kataven:Tenants";

    /// <summary>After its last request ended, an account's connections are closed and its grain deactivates. One second to one day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan IdleAfter { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>A stream whose client asks for nothing this long is ended, since it holds a lane. One second to one hour.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StreamIdleTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a request waits for an account that an operation has for itself. 100 milliseconds to ten minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")]
    public TimeSpan HeldRequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long an operation that needs an account for itself lets run what runs, before it is cancelled: less than a request that
    /// comes meanwhile waits. Zero to ten minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan HoldDrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether the reads of an account that are known to be quick share round trips. It takes one of the account's lanes.</summary>
    public bool FastLane { get; set; } = true;

    [Microsoft.Extensions.Options.ValidateObjectMembers]
    public TenantLimits Limits { get; set; } = new();
}
