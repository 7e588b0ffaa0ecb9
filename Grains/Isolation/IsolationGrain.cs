using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Grains.Accounts;
using Kataven.Isolation;
using Orleans.Concurrency;

namespace Kataven.Grains.Isolation;

/// <summary>Answers how well accounts are closed off.</summary>
[StatelessWorker, Reentrant]
internal sealed class IsolationGrain(CredentialStore credentials, AccountAudit account, ServerAudit server) : Grain, IIsolationGrain
{
    public async Task<AccountIsolationResult> AccountAsync(AccountId id)
    {
        var found = await credentials.FindIdentityAsync(id, default);
        var report = id.IsReserved ? null : await account.ReportAsync(id, found?.Identity, found?.Password, default);
        return report is null
            ? new AccountIsolationResult(null, Refusal.Of(ErrorCode.AccountNotFound, "There is no such account."))
            : new AccountIsolationResult(report, null);
    }

    public Task<ServerIsolationReport> ServerAsync() => server.ReportAsync(default);
}
