using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Observability;
using Kataven.Queries;
using Kataven.Tenants;

namespace Kataven.Api.Tenancy;

/// <summary>
/// ④ Calls the tenant grain of a request's account. Where the account's row has changed since the request was let in, the
/// request is looked at again; what provably did not run, or only reads, is sent again.
/// </summary>
internal sealed class TenantClient(GrainCalls calls, TenantReferences tenants, AccountGate gate, Registry registry)
{
    private static readonly Refusal Unreachable =
        Refusal.Of(ErrorCode.DatabaseUnavailable, "The account's silo cannot be reached now. Try again.");

    private static readonly Refusal Lost = Refusal.Of(
        ErrorCode.OutcomeUnknown, "The silo was lost after the statement had been sent: it may or may not have taken effect.");

    public Task<Answer> QueryAsync(HttpContext context, Statement statement, QueryOptions options) => CallAsync(
        context,
        options.ReadOnly == true,
        (tenant, version) => tenant.QueryAsync(new QueryRequest(version, statement, options), context.RequestAborted),
        answer => (answer.Kind, answer.Refusal),
        Answer.Refused);

    public Task<Answer> TransactionAsync(HttpContext context, Func<long, TransactionRequest> request, bool readOnly) => CallAsync(
        context,
        readOnly,
        (tenant, version) => tenant.TransactionAsync(request(version), context.RequestAborted),
        answer => (answer.Kind, answer.Refusal),
        Answer.Refused);

    public Task<StreamPart> OpenStreamAsync(HttpContext context, Statement statement, QueryOptions options, StreamFormat format) => CallAsync(
        context,
        options.ReadOnly == true,
        (tenant, version) => tenant.OpenStreamAsync(new StreamRequest(version, statement, options, format), context.RequestAborted),
        part => (part.Kind, part.Refusal),
        StreamPart.Refused);

    public ITenantGrain Tenant(AccountId id) => tenants.Of(id);

    private async Task<T> CallAsync<T>(
        HttpContext context,
        bool onlyReads,
        Func<ITenantGrain, long, Task<T>> call,
        Func<T, (AnswerKind Kind, Refusal? Refusal)> outcome,
        Func<Refusal, T> refuse)
    {
        var account = context.Account().Entry;
        var tries = calls.Begin();
        Refusal trouble;
        do
        {
            trouble = Unreachable;
            if (!tenants.TryFind(account.Id, out var tenant))
            {
                continue;
            }

            try
            {
                T answer;
                using (RequestPath.TenantGrain(account.Id))
                {
                    answer = await call(tenant, account.Version);
                }

                var (kind, refusal) = outcome(answer);
                if (kind == AnswerKind.Stale)
                {
                    registry.Forget(account.Id);
                    var verdict = await gate.DecideAsync(context);
                    if (verdict.Account is not { } current)
                    {
                        return refuse(verdict.Refusal!);
                    }

                    account = current;
                }
                else if (kind == AnswerKind.Done || !MayBeSentAgain(refusal!, onlyReads))
                {
                    return answer;
                }
                else
                {
                    trouble = refusal!;
                }
            }
            catch (Exception exception) when (GrainCalls.IsLost(exception) && !onlyReads)
            {
                return refuse(Lost);
            }
            catch (Exception exception) when (GrainCalls.IsLost(exception) || GrainCalls.IsRejected(exception))
            {
                // Another silo takes over.
            }
        }
        while (await tries.PauseAsync(context.RequestAborted));

        return refuse(trouble);
    }

    /// <summary>No connection could be opened, or one was lost: what ran was rolled back, or reads.</summary>
    private static bool MayBeSentAgain(Refusal refusal, bool onlyReads) =>
        refusal.Code == ErrorCode.DatabaseUnavailable && (refusal.DidNotRun || onlyReads);
}
