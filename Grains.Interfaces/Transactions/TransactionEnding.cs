namespace Kataven.Transactions;

/// <summary>Ends an interactive transaction.</summary>
/// <param name="AccountVersion">The version of the account's row by which the caller was let in.</param>
/// <param name="Outcome">What the caller wants.</param>
[GenerateSerializer, Immutable, Alias("kataven.TransactionEnding")]
public sealed record TransactionEnding(
    [property: Id(0)] long AccountVersion,
    [property: Id(1)] TransactionOutcome Outcome);
