using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Observability;
using Kataven.Queries;
using Kataven.Tenants;

namespace Kataven.Api.Tenancy;

/// <summary>
/// ④ Calls the tenant grain of a request's account. Where the account's row has changed since the request was let in, the
/// request is looked at again; what provably did not run, only reads, or has a key by
/// which it happens once, is sent again.
/// </summary>
/// <param name="calls">How a call is tried again.</param>
/// <param name="tenants">The grains.</param>
/// <param name="gate">Looks at a request again.</param>
/// <param name="registry">What is known of accounts.</param>
/// <param name="local">Where this process is a silo with tenants too.</param>
internal sealed partial class TenantClient(GrainCalls calls, TenantReferences tenants, AccountGate gate, Registry registry, ILocalTenants? local = null)
{
    private static readonly Refusal Unreachable =
        Refusal.Of(ErrorCode.DatabaseUnavailable, "The account's silo cannot be reached now. Try again.");

    private static readonly Refusal Lost = Refusal.Of(
        ErrorCode.OutcomeUnknown, "The silo was lost after the statement had been sent: it may or may not have taken effect.");

    private static readonly string[] ReadingWords = ["SELECT", "WITH", "VALUES", "TABLE"];

    public Task<Answer> QueryAsync(HttpContext context, Statement statement, QueryOptions options)
    {
        var mayHaveRun = false;
        var repetition = RepetitionOf(options);
        return CallAsync(
            context,
            repetition == Repetition.Unsafe && options.ReadOnly is null && BeginsAsARead(statement.Sql) ? Repetition.IfItReads : repetition,
            options.Timeout,
            (tenant, account) => QueryAsync(tenant, account.Id, new QueryRequest(account.Version, statement, options, mayHaveRun), context.RequestAborted),
            answer => (answer.Kind, answer.Refusal),
            Answer.Refused,
            asksAgain: () => mayHaveRun = true);
    }

    public Task<Answer> TransactionAsync(HttpContext context, Func<long, TransactionRequest> request, QueryOptions options) => CallAsync(
        context,
        RepetitionOf(options),
        null,
        (tenant, account) => tenant.TransactionAsync(request(account.Version), context.RequestAborted),
        answer => (answer.Kind, answer.Refusal),
        Answer.Refused);

    public Task<StreamPart> OpenStreamAsync(HttpContext context, Statement statement, QueryOptions options, StreamFormat format) => CallAsync(
        context,
        RepetitionOf(options),
        options.Timeout,
        (tenant, account) => tenant.OpenStreamAsync(new StreamRequest(account.Version, statement, options, format), context.RequestAborted),
        part => (part.Kind, part.Refusal),
        StreamPart.Refused);

    public ITenantGrain Tenant(AccountId id) => tenants.Of(id);

    private Task<Answer> QueryAsync(ITenantGrain tenant, AccountId account, QueryRequest request, CancellationToken aborted) =>
        local?.TryQuery(account, request, aborted) ?? tenant.QueryAsync(request, aborted);

    private async Task<T> CallAsync<T>(
        HttpContext context,
        Repetition repetition,
        TimeSpan? deadline,
        Func<ITenantGrain, AccountEntry, Task<T>> call,
        Func<T, (AnswerKind Kind, Refusal? Refusal)> outcome,
        Func<Refusal, T> refuse,
        Refusal? lost = null,
        Action? asksAgain = null)
    {
#if KATAVEN_MUTATIONS
        repetition = Mutations.RetriesWrites ? Repetition.Harmless : repetition;
#endif
        var account = context.Account().Entry;
        var tries = calls.Begin(deadline);
        Refusal? unknown = null;
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
                    answer = await call(tenant, account);
                }

                var (kind, refusal) = outcome(answer);
                if (kind == AnswerKind.Stale)
                {
                    registry.Forget(account.Id);
                    var verdict = await gate.DecideAsync(context);
                    if (verdict.Account is not { } current)
                    {
                        return refuse(unknown ?? verdict.Refusal!);
                    }

                    account = current;
                }
                else if (kind == AnswerKind.Done)
                {
                    return answer;
                }
                else if (!MayBeSentAgain(refusal!, repetition, unknown is null))
                {
                    // Nobody hears of it then.
                    context.RequestAborted.ThrowIfCancellationRequested();
                    // What this try was refused for says nothing of one before it.
                    return unknown is not null && refusal!.DidNotRun ? refuse(unknown) : answer;
                }
                else
                {
                    trouble = refusal!;
                    if (trouble.Code == ErrorCode.OutcomeUnknown)
                    {
                        unknown = trouble;
                        asksAgain?.Invoke();
                    }
                }
            }
            catch (Exception exception) when (GrainCalls.IsLost(exception) && repetition == Repetition.Unsafe)
            {
                return refuse(lost ?? Lost);
            }
            catch (Exception exception) when (GrainCalls.IsLost(exception) || GrainCalls.IsRejected(exception))
            {
                // Another silo takes over.
                if (GrainCalls.IsLost(exception) && repetition != Repetition.Harmless)
                {
                    unknown = Lost;
                    asksAgain?.Invoke();
                }
            }
        }
        while (await tries.PauseAsync(context.RequestAborted));

        return refuse(unknown ?? trouble);
    }

    /// <summary>No connection could be opened, or one was lost: what ran was rolled back, only reads, or is known by its key.</summary>
    private static bool MayBeSentAgain(Refusal refusal, Repetition repetition, bool isFirst) => refusal.Code switch
    {
        ErrorCode.DatabaseUnavailable => refusal.DidNotRun || repetition is Repetition.Harmless or Repetition.ByKey || (repetition == Repetition.IfItReads && !isFirst),
        // The second time it comes from the account's silo, which cannot tell that it only reads.
        ErrorCode.OutcomeUnknown => repetition == Repetition.ByKey || (repetition == Repetition.IfItReads && isFirst),
        _ => false,
    };

    /// <summary>Any other certainly does more, or is not worth the wait for its account's silo.</summary>
    private static bool BeginsAsARead(ReadOnlySpan<char> sql)
    {
        var text = sql.TrimStart();
        foreach (var word in ReadingWords)
        {
            if (text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static Repetition RepetitionOf(QueryOptions options) =>
        options.ReadOnly == true ? Repetition.Harmless
        : options.IdempotencyKey is not null ? Repetition.ByKey
        : Repetition.Unsafe;
}
