using Kataven.Accounts;
using Kataven.Grains.Transactions;
using Kataven.Transactions;

namespace Kataven.Grains.Tests.Transactions;

public sealed class EndedTransactionsTests
{
    [Fact]
    public void The_last_ones_are_known_and_older_ones_are_forgotten()
    {
        var (ended, account) = (new EndedTransactions(), AccountId.Parse("acme"));
        var ids = Enumerable.Range(0, 1_000).Select(_ => TransactionId.New(account)).ToArray();

        foreach (var id in ids)
        {
            ended.Add(id, TransactionEnd.Committed);
        }

        Assert.Equal(TransactionEnd.Committed, ended.Find(ids[^1]));
        Assert.Equal(256, ids.Count(id => ended.Find(id) is not null));
        Assert.Null(ended.Find(TransactionId.New(account)));
    }
}
