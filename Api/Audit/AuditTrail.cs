using Kataven.Accounts;
using Kataven.Api.Tenancy;

namespace Kataven.Api.Audit;

/// <summary>The audit entry of the call that runs.</summary>
internal sealed class AuditTrail(GrainCalls calls, long id)
{
    public static AuditTrail Of(HttpContext context) => context.Features.Get<AuditTrail>()
        ?? throw new InvalidOperationException("The route is not audited.");

    /// <summary>Says which account the call is about, where its route does not. Like the entry itself it has to be written before anything is done.</summary>
    public Task NameAsync(AccountId account) => calls.AskAsync(AuditFilter.Log, async log =>
    {
        await log.NameAsync(id, account.Value);
        return id;
    });
}
