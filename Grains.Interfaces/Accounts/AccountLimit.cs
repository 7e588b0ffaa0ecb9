using System.Collections.Immutable;

namespace Kataven.Accounts;

/// <summary>One limit of an account, and what it may be set to.</summary>
/// <param name="Name">As the requests, the answers and the table <c>accounts</c> spell it.</param>
/// <param name="Minimum">The smallest value.</param>
/// <param name="Maximum">The largest value.</param>
public sealed record AccountLimit(string Name, int Minimum, int Maximum)
{
    public const string MaxLanes = "max_lanes";
    public const string MaxQueue = "max_queue";
    public const string WaitTimeoutMs = "wait_timeout_ms";
    public const string StatementTimeoutMs = "statement_timeout_ms";
    public const string MaxResultBytes = "max_result_bytes";
    public const string RequestsPerSecond = "requests_per_second";

    private const int TenMinutes = 600_000;

    /// <summary>All of them: within what the table's checks allow, and what a call to a tenant can wait for.</summary>
    public static readonly ImmutableArray<AccountLimit> All =
    [
        new(MaxLanes, 1, 49),
        new(MaxQueue, 1, 100_000),
        new(WaitTimeoutMs, 1, TenMinutes),
        new(StatementTimeoutMs, 1, TenMinutes),
        new(MaxResultBytes, 1, 64 * 1024 * 1024),
        new(RequestsPerSecond, 0, 1_000_000),
    ];

    public static AccountLimit? Find(string name) => All.FirstOrDefault(limit => limit.Name == name);
}
