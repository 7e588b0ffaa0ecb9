using System.Collections.Concurrent;
using Kataven.Accounts;
using Kataven.Grains.Queries;
using Kataven.Queries;
using Kataven.Tenants;

namespace Kataven.Grains.Tenants;

/// <summary>The activations of this silo that can be called directly. Orleans knows nothing of such calls, so each activation waits for its own before it goes.</summary>
internal sealed class LocalTenants : ILocalTenants
{
    private readonly ConcurrentDictionary<AccountId, LocalTenant> _tenants = new();

    public Task<Answer>? TryQuery(AccountId account, QueryRequest request, CancellationToken cancellation) =>
        _tenants.TryGetValue(account, out var tenant) ? tenant.TryQuery(request, cancellation) : null;

    public LocalTenant Add(AccountId account, TenantQueries queries) => _tenants[account] = new LocalTenant(queries);

    /// <summary>Who comes from now on calls the grain.</summary>
    /// <returns>Ends when no direct call runs any more.</returns>
    public Task RemoveAsync(AccountId account, LocalTenant tenant)
    {
        // Not another activation's, which may have come already.
        _tenants.TryRemove(KeyValuePair.Create(account, tenant));
        return tenant.CloseAsync();
    }
}
