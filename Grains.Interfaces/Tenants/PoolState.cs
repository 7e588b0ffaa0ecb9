namespace Kataven.Tenants;

/// <summary>What a tenant's pool does with requests.</summary>
[GenerateSerializer, Alias("kataven.PoolState")]
public enum PoolState
{
    Serving,
    Held,
    Closing,
}
