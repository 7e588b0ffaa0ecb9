using Kataven.Accounts;
using Kataven.Audit;
using Kataven.Errors;
using Kataven.Grains.Audit;
using Kataven.Grains.Observability;
using Microsoft.Extensions.Logging;

namespace Kataven.Grains.Isolation;

/// <summary>A database that is not its account's: nothing was read, the log and the audit say so.</summary>
internal sealed partial class IsolationAlarm(AuditLog audit, ILogger<IsolationAlarm> logger)
{
    public async Task<Refusal> RaiseAsync(AccountId account)
    {
        IsolationMetrics.Violated();
        LogViolation(account.Value);
        try
        {
            await audit.WriteAsync(
                new AuditEntry { Actor = "kataven", Action = "open a lane", AccountId = account.Value, Outcome = ErrorCatalogue.Of(ErrorCode.IsolationViolation).Code },
                CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // It is refused either way.
            LogAuditFailed(exception, account.Value);
        }

        return new Refusal
        {
            Code = ErrorCode.IsolationViolation,
            Detail = "The database behind the account is not the account's. Nothing was read from it.",
            DidNotRun = true,
        };
    }
}
