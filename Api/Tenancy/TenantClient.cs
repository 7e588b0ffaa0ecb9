using Kataven.Accounts;
using Kataven.Errors;
using Kataven.Observability;
using Kataven.Queries;
using Kataven.Tenants;
using Orleans.Runtime;

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
            (tenant, account, isCounted) => QueryAsync(
                tenant, account.Id, new QueryRequest(account.Version, statement, options, mayHaveRun, isCounted, calls.Members.Version), context.RequestAborted),
            answer => (answer.Kind, answer.Refusal),
            Answer.Refused,
            asksAgain: () => mayHaveRun = true);
    }

    public Task<Answer> TransactionAsync(HttpContext context, Func<long, TransactionRequest> request, QueryOptions options) => CallAsync(
        context,
        RepetitionOf(options),
        null,
        (tenant, account, isCounted) => tenant.TransactionAsync(request(account.Version) with { IsCounted = isCounted, Members = calls.Members.Version }, context.RequestAborted),
        answer => (answer.Kind, answer.Refusal),
        Answer.Refused);

    public Task<StreamPart> OpenStreamAsync(HttpContext context, Statement statement, QueryOptions options, StreamFormat format) => CallAsync(
        context,
        RepetitionOf(options),
        options.Timeout,
        (tenant, account, isCounted) => tenant.OpenStreamAsync(
            new StreamRequest(account.Version, statement, options, format, isCounted, calls.Members.Version), context.RequestAborted),
        part => (part.Kind, part.Refusal),
        StreamPart.Refused);

    private ITenantGrain Tenant(AccountId id) => tenants.Of(id);

    private Task<Answer> QueryAsync(ITenantGrain tenant, AccountId account, QueryRequest request, CancellationToken aborted) =>
        local?.TryQuery(account, request, aborted) ?? tenant.QueryAsync(request, aborted);

    private async Task<T> CallAsync<T>(
        HttpContext context,
        Repetition repetition,
        TimeSpan? deadline,
        Func<ITenantGrain, AccountEntry, bool, Task<T>> call,
        Func<T, (AnswerKind Kind, Refusal? Refusal)> outcome,
        Func<Refusal, T> refuse,
        Refusal? lost = null, Action? asksAgain = null)
    {
#if KATAVEN_MUTATIONS
        repetition = Mutations.RetriesWrites ? Repetition.Harmless : repetition;
#endif
        var account = context.Account().Entry;
        var tries = calls.Begin(deadline);
        var (unknown, isCounted) = (new UnknownOutcome(repetition, asksAgain), false);
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
                var answer = await CallAsync(tenant, account, isCounted, call, context.RequestAborted);
                var (kind, refusal) = outcome(answer);
                // It is one request, however often it is sent; one that was sent before a loss has not come so far.
                isCounted |= refusal?.Members is null;
                if (kind == AnswerKind.Stale)
                {
                    var (present, gone) = await LookAgainAsync(context, account);
                    if (present is null)
                    {
                        return refuse(unknown.Refusal ?? gone!);
                    }

                    account = present;
                }
                else if (kind == AnswerKind.Done)
                {
                    return answer;
                }
                else if (!unknown.MayBeSentAgain(refusal!))
                {
                    // Nobody hears of it then.
                    context.RequestAborted.ThrowIfCancellationRequested();
                    // What this try was refused for says nothing of one before it.
                    return unknown.IsLeftBy(refusal!) ? refuse(unknown.Refusal) : answer;
                }
                else
                {
                    await NoteAsync(unknown, trouble = refusal!, context.RequestAborted);
                }
            }
            catch (Exception exception) when (GrainCalls.IsLost(exception) && repetition == Repetition.Unsafe)
            {
                return refuse(lost ?? Lost);
            }
            catch (Exception exception) when (MayBeMadeAgain(exception))
            {
                tries.Note(exception);
                unknown.Note(GrainCalls.IsLost(exception) && repetition != Repetition.Harmless ? Lost : trouble);
            }
        }
        while (await tries.PauseAsync(context.RequestAborted));

        return refuse(unknown.Refusal ?? trouble);
    }

    private Task NoteAsync(UnknownOutcome unknown, Refusal refusal, CancellationToken aborted)
    {
        unknown.Note(refusal);
        return calls.Members.LearnAsync(refusal.Members ?? 0, aborted);
    }

    /// <summary>The account as it is now, or why the request may not reach it any more.</summary>
    private async Task<(AccountEntry? Present, Refusal? Refusal)> LookAgainAsync(HttpContext context, AccountEntry former)
    {
        registry.Forget(former.Id);
        var verdict = await gate.DecideAsync(context);
        return verdict.Account is not { } present ? (null, verdict.Refusal)
            // Deleted, and made anew: a request that waited meanwhile is not the new account's.
            : present.IsSameAs(former) ? (present, null)
            : (null, Refusal.InvalidAccount());
    }

    /// <summary>
    /// Another silo takes over. Or a silo could not tell where the tenant is, because it had to look at the members: that is all that the
    /// database's failure can mean here. The call of a tenant throws none, whatever it needs of others on its way to a lane is a refusal, and
    /// so the statement has reached no activation.
    /// </summary>
    private static bool MayBeMadeAgain(Exception exception) =>
        GrainCalls.IsLost(exception) || GrainCalls.IsRejected(exception) || exception is DatabaseUnavailableException;

    /// <exception cref="SiloUnavailableException">Also where Orleans gives up to address a call because a member has just gone, which it tells as a cancellation.</exception>
    private static async Task<T> CallAsync<T>(
        ITenantGrain tenant, AccountEntry account, bool isCounted, Func<ITenantGrain, AccountEntry, bool, Task<T>> call, CancellationToken aborted)
    {
        using var span = RequestPath.TenantGrain(account.Id);
        try
        {
            return await call(tenant, account, isCounted);
        }
        catch (OperationCanceledException exception) when (!aborted.IsCancellationRequested)
        {
            throw new SiloUnavailableException("The call was given up.", exception);
        }
    }

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
