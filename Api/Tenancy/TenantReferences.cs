using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Kataven.Accounts;
using Kataven.Tenants;

namespace Kataven.Api.Tenancy;

/// <summary>
/// References to tenant grains, kept: to make one, Orleans looks its interface up by reflection each time, which takes longer than
/// to read a request. A reference names a grain and is bound to no silo, so it never becomes stale.
/// </summary>
internal sealed class TenantReferences(GrainCalls calls, IGrainFactory grains)
{
    /// <summary>References at most: when there are as many, it begins anew.</summary>
    private const int Capacity = 20_000;

    private readonly ConcurrentDictionary<AccountId, ITenantGrain> _references = new();

    /// <summary>False where this front door has just started, as <see cref="GrainCalls.TryFind"/> says.</summary>
    public bool TryFind(AccountId account, [NotNullWhen(true)] out ITenantGrain? tenant) =>
        _references.TryGetValue(account, out tenant) || TryMake(account, out tenant);

    public ITenantGrain Of(AccountId account)
    {
        if (_references.TryGetValue(account, out var tenant))
        {
            return tenant;
        }

        if (_references.Count >= Capacity)
        {
            _references.Clear();
        }

        return _references[account] = grains.GetGrain<ITenantGrain>(account.Value);
    }

    private bool TryMake(AccountId account, [NotNullWhen(true)] out ITenantGrain? tenant) => calls.TryFind(_ => Of(account), out tenant);
}
