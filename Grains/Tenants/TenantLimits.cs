using System.ComponentModel.DataAnnotations;
using Kataven.Accounts;

namespace Kataven.Grains.Tenants;

/// <summary>The limits of one account, all of them set.</summary>
public sealed record TenantLimits
{
    /// <summary>Connections open at once: 1 to 49.</summary>
    [Range(1, 49)]
    public int MaxLanes { get; set; } = 8;

    /// <summary>Requests that may wait for a lane: 0 to 100,000.</summary>
    [Range(0, 100_000)]
    public int MaxQueue { get; set; } = 1_000;

    /// <summary>How long a request waits for a lane: 1 ms to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan WaitTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a statement runs before it is cancelled: 1 ms to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan StatementTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest answer that is not streamed, in bytes: 1 KiB to 64 MiB, since the answer is held in memory.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxResultBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>Requests a second; 0 is no limit.</summary>
    [Range(0, 1_000_000)]
    public int RequestsPerSecond { get; set; }

    /// <summary>
    /// Bytes of the requests that are let in at one time, as they stand in memory: 20 MiB to 4 GiB. As many as there are lanes are
    /// let in whatever their size. It is the same for all accounts, and by default 8 lanes at work on the longest requests
    /// leave 96 MiB for those that wait.
    /// </summary>
    [Range(20L * 1024 * 1024, 4L * 1024 * 1024 * 1024)]
    public long MaxRequestBytes { get; set; } = 256 * 1024 * 1024;

    /// <summary>These limits, with what an account's row sets.</summary>
    public TenantLimits With(AccountLimits limits) => new()
    {
        MaxLanes = limits.MaxLanes ?? MaxLanes,
        MaxQueue = limits.MaxQueue ?? MaxQueue,
        WaitTimeout = Duration(limits.WaitTimeoutMs) ?? WaitTimeout,
        StatementTimeout = Duration(limits.StatementTimeoutMs) ?? StatementTimeout,
        MaxResultBytes = limits.MaxResultBytes ?? MaxResultBytes,
        RequestsPerSecond = limits.RequestsPerSecond ?? RequestsPerSecond,
        MaxRequestBytes = MaxRequestBytes,
    };

    private static TimeSpan? Duration(int? milliseconds) => milliseconds is { } value ? TimeSpan.FromMilliseconds(value) : null;
}
