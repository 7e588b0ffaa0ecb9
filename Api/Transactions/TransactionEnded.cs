using Kataven.Transactions;

namespace Kataven.Api.Transactions;

/// <summary>A transaction that its client has ended: <c>committed</c> or <c>rolled_back</c>.</summary>
internal sealed record TransactionEnded(string TransactionId, string Outcome)
{
    public static TransactionEnded Of(TransactionId id, TransactionOutcome outcome) =>
        new(id.Value, outcome == TransactionOutcome.Committed ? "committed" : "rolled_back");
}
