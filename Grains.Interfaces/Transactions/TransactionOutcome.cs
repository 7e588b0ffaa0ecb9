namespace Kataven.Transactions;

/// <summary>How an interactive transaction ended for whoever ended it.</summary>
[GenerateSerializer, Alias("kataven.TransactionOutcome")]
public enum TransactionOutcome
{
    Committed,
    RolledBack,
}
