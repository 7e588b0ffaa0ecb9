using System.ComponentModel.DataAnnotations;

namespace Kataven.Grains.Connections;

/// <summary>How many connections the cluster may hold open for accounts.</summary>
public sealed class ConnectionOptions
{
    public const string Section = "Kataven:Connections";

    /// <summary>The number itself, or 0: the server's <c>max_connections</c> less its superuser slots and the reserve.</summary>
    [Range(0, 100_000)]
    public int Budget { get; set; }

    /// <summary>
    /// What is left to the service's own connections: Orleans, the registry's listener, administration. 0 is 10, and 7
    /// more for each process of the cluster after the first.
    /// </summary>
    [Range(0, 10_000)]
    public int Reserve { get; set; }

    /// <summary>
    /// An account's connection that did nothing for as long is closed, except its last, which is closed when the account is idle.
    /// One second to one day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan CloseUnusedAfter { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Connections that a silo opens at a time, over all of its accounts: 1 to 1,000.</summary>
    [Range(1, 1000)]
    public int OpenAtOnce { get; set; } = 16;
}
