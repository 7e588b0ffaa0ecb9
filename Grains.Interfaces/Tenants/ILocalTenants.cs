using Kataven.Accounts;
using Kataven.Queries;

namespace Kataven.Tenants;

/// <summary>
/// ④ The tenants whose activation is in this process, for a front door that is in it too: their queries need no message from one
/// half of it to the other.
/// </summary>
public interface ILocalTenants
{
    /// <summary>
    /// Runs a query as <see cref="ITenantGrain.QueryAsync"/> does. Null where the account's activation is elsewhere, has only begun,
    /// or is about to go: then the grain is to be called.
    /// </summary>
    Task<Answer>? TryQuery(AccountId account, QueryRequest request, CancellationToken cancellation);
}
