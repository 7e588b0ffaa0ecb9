namespace Kataven.Fleet.Tests.Transactions;

/// <summary>The tests that share one service with transactions whose time is short.</summary>
[CollectionDefinition(Name)]
public sealed class HastyTransactionsCollection : ICollectionFixture<HastyTransactions>
{
    public const string Name = "Hasty transactions";
}
