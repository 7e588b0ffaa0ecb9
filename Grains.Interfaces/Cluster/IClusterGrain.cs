using System.Collections.Immutable;
using Kataven.Accounts;
using Kataven.Tenants;

namespace Kataven.Cluster;

/// <summary>Looks over the whole cluster. It reads what each silo's pools publish and wakes no tenant.</summary>
[Alias("kataven.IClusterGrain")]
public interface IClusterGrain : IGrainWithIntegerKey
{
    [Alias("Get")]
    Task<ClusterReport> GetAsync();

    [Alias("Pools")]
    Task<ImmutableArray<PoolReport>> PoolsAsync();

    /// <summary>Closes an account's pool, when what runs there has ended. Does nothing where there is none.</summary>
    [Alias("ClosePool"), ResponseTimeout("00:02:00")]
    Task ClosePoolAsync(AccountId id);

    [Alias("Health")]
    Task<HealthReport> HealthAsync();
}
