using Kataven.Errors;
using Kataven.Queries;
using Kataven.Transactions;

namespace Kataven.Api.Tenancy;

// Interactive transactions: they are where the account's connections are, and gone with them.
internal sealed partial class TenantClient
{
    private static readonly Refusal TransactionLost = Refusal.Of(
        ErrorCode.TransactionLost, "The silo that had the transaction was lost, and the transaction was rolled back with it.");

    private static readonly Refusal CommitLost = Refusal.Of(
        ErrorCode.OutcomeUnknown, "The silo was lost after the commit had been sent: it may or may not have taken effect.");

    /// <summary>To begin one more does no harm: one that nobody knows of ends with its lease.</summary>
    public Task<TransactionAnswer> BeginTransactionAsync(HttpContext context, TransactionIsolation isolation, bool readOnly) => CallAsync(
        context,
        Repetition.Harmless,
        null,
        (tenant, account, isCounted) => tenant.BeginTransactionAsync(
            new TransactionStart(account.Version, isolation, readOnly, isCounted), context.RequestAborted),
        answer => (answer.Kind, answer.Refusal),
        TransactionAnswer.Refused);

    public Task<TransactionAnswer> QueryInTransactionAsync(HttpContext context, TransactionId transaction, Statement statement, QueryOptions options) => CallAsync(
        context,
        Repetition.Unsafe,
        options.Timeout,
        (tenant, account, isCounted) => tenant.QueryInTransactionAsync(
            transaction, new QueryRequest(account.Version, statement, options, IsCounted: isCounted), context.RequestAborted),
        answer => (answer.Kind, answer.Refusal),
        TransactionAnswer.Refused,
        lost: TransactionLost);

    public Task<TransactionAnswer> EndTransactionAsync(HttpContext context, TransactionId transaction, TransactionOutcome outcome) => CallAsync(
        context,
        Repetition.Unsafe,
        null,
        (tenant, account, _) => tenant.EndTransactionAsync(transaction, new TransactionEnding(account.Version, outcome), context.RequestAborted),
        answer => (answer.Kind, answer.Refusal),
        TransactionAnswer.Refused,
        lost: outcome == TransactionOutcome.Committed ? CommitLost : TransactionLost);
}
