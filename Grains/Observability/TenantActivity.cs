using Kataven.Grains.Tenants;
using Kataven.Observability;

namespace Kataven.Grains.Observability;

/// <summary>What the accounts of this silo do.</summary>
internal sealed class TenantActivity(TenantPools pools) : IAccountActivitySource
{
    public string Place => "silo";

    public bool HasLanes => true;

    public IEnumerable<AccountActivity> Now() => pools.Activity();
}
