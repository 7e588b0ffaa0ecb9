using Kataven.Accounts;
using Kataven.Cluster.Tests.Silos;
using Kataven.Errors;
using Kataven.Queries;
using Kataven.Testing;

namespace Kataven.Cluster.Tests.Tenants;

public sealed class BudgetTests(SmallBudget budget) : IClassFixture<SmallBudget>
{
    private const int Budget = SmallBudget.Connections;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Many_accounts_in_turn_are_all_served_and_never_by_more_connections_than_the_budget()
    {
        var accounts = await budget.AccountsAsync(12);
        using var enough = new CancellationTokenSource();
        var watching = WatchAsync(enough.Token);
        try
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(async client =>
            {
                var answers = new List<Answer>();
                for (var i = 0; i < 12; i++)
                {
                    answers.Add(await accounts[(client + i) % accounts.Count].QueryAsync("SELECT 1", silo: client));
                }

                return answers;
            }));

            Assert.All(answers.SelectMany(all => all), TestAccount.AssertDone);
        }
        finally
        {
            await enough.CancelAsync();
        }

        var seen = await watching;
        Assert.InRange(seen.Max(), 1, Budget);
    }

    [Fact]
    public async Task An_account_that_keeps_all_connections_busy_gives_way_to_one_that_has_none()
    {
        var accounts = await budget.AccountsAsync(2);
        using var enough = new CancellationTokenSource();
        var flood = Enumerable.Range(0, 40).Select(async i =>
        {
            while (!enough.IsCancellationRequested)
            {
                await accounts[0].QueryAsync("SELECT pg_sleep(0.02)", silo: i);
            }
        }).ToArray();
        try
        {
            await Eventually.Async(async () => await accounts[0].ConnectionsAsync() == Budget, Patience, "the flood has them all");

            for (var i = 0; i < 20; i++)
            {
                Assert.Equal("7", await accounts[1].ValueAsync("SELECT 7", silo: i).WaitAsync(Patience, TestContext.Current.CancellationToken));
            }
        }
        finally
        {
            await enough.CancelAsync();
            await Task.WhenAll(flood);
        }
    }

    [Fact]
    public async Task Who_waits_for_the_budget_for_too_long_is_told_which_setting_to_change()
    {
        List<TestAccount> accounts = [.. await budget.AccountsAsync(1), .. await budget.AccountsAsync(1, new AccountLimits { WaitTimeoutMs = 200 })];
        using var end = new CancellationTokenSource();
        var running = Enumerable.Range(0, Budget).Select(_ => accounts[0].RunUntilAsync("SELECT pg_sleep(600)", end.Token)).ToArray();
        await Eventually.Async(async () => await accounts[0].RunningAsync("pg_sleep(600)") == Budget, Patience, "all are busy");

        var refusal = (await accounts[1].QueryAsync("SELECT 1")).Refusal!;

        Assert.Equal(ErrorCode.Overloaded, refusal.Code);
        Assert.Contains("Kataven:Connections:Budget", refusal.Detail, StringComparison.Ordinal);
        await end.CancelAsync();
        await Task.WhenAll(running);
        await Eventually.Async(async () => (await accounts[1].QueryAsync("SELECT 1")).Kind == AnswerKind.Done, Patience, "it is served");
    }

    private async Task<List<long>> WatchAsync(CancellationToken enough)
    {
        var seen = new List<long>();
        while (!enough.IsCancellationRequested)
        {
            seen.Add(await budget.ConnectionsAsync());
        }

        return seen;
    }
}
