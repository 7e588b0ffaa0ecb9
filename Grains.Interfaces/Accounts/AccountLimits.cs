namespace Kataven.Accounts;

/// <summary>What one account may use. A null is the service's default (<c>Kataven:Tenants:Limits</c>).</summary>
[GenerateSerializer, Immutable, Alias("kataven.AccountLimits")]
public sealed record AccountLimits
{
    public static readonly AccountLimits Default = new();

    /// <summary>Connections open at once, over the whole cluster: 1 to 49.</summary>
    [Id(0)]
    public int? MaxLanes { get; init; }

    /// <summary>Requests that may wait for a lane.</summary>
    [Id(1)]
    public int? MaxQueue { get; init; }

    /// <summary>Milliseconds that a request waits for a lane.</summary>
    [Id(2)]
    public int? WaitTimeoutMs { get; init; }

    /// <summary>Milliseconds that a statement may run.</summary>
    [Id(3)]
    public int? StatementTimeoutMs { get; init; }

    /// <summary>Bytes of an answer that is not streamed.</summary>
    [Id(4)]
    public int? MaxResultBytes { get; init; }

    /// <summary>Requests a second; 0 is no limit.</summary>
    [Id(5)]
    public int? RequestsPerSecond { get; init; }

    /// <param name="named">Limits by the names of <see cref="AccountLimit"/>; those that are not named are the default.</param>
    public static AccountLimits Of(IReadOnlyDictionary<string, int?> named) => new()
    {
        MaxLanes = named.GetValueOrDefault(AccountLimit.MaxLanes),
        MaxQueue = named.GetValueOrDefault(AccountLimit.MaxQueue),
        WaitTimeoutMs = named.GetValueOrDefault(AccountLimit.WaitTimeoutMs),
        StatementTimeoutMs = named.GetValueOrDefault(AccountLimit.StatementTimeoutMs),
        MaxResultBytes = named.GetValueOrDefault(AccountLimit.MaxResultBytes),
        RequestsPerSecond = named.GetValueOrDefault(AccountLimit.RequestsPerSecond),
    };
}
