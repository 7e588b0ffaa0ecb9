using System.Diagnostics;
using Kataven.Cluster.Tests.Silos;
using Kataven.Errors;
using Kataven.Grains.Tenants;
using Kataven.Queries;
using Kataven.Testing;
using Kataven.Transactions;

namespace Kataven.Cluster.Tests.Transactions;

/// <summary>An interactive transaction is where the account's one owner is.</summary>
public sealed class HeldTransactionTests(HoldingSilos silos) : IClassFixture<HoldingSilos>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private SiloCluster Cluster => silos.Cluster;

    public async ValueTask InitializeAsync() => await silos.WholeAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Every_silo_finds_it_and_its_account_is_not_idle()
    {
        var account = await NewAsync();
        var id = await BeginAsync(account, 0);
        for (var silo = 0; silo < 2; silo++)
        {
            TestAccount.AssertDone(AnswerOf(await QueryAsync(account, id, $"INSERT INTO item VALUES ({silo})", silo)));
        }

        var begun = Stopwatch.GetTimestamp();
        await Eventually.Async(() => Stopwatch.GetElapsedTime(begun) > TimeSpan.FromSeconds(3), Patience, "the account's idle age is long over");
        Assert.Equal(TransactionOutcome.Committed, (await EndAsync(account, id, TransactionOutcome.Committed, 1)).Outcome);

        Assert.Equal("2", await account.ValueAsync("SELECT count(*) FROM item"));
        await Eventually.Async(async () => await account.ConnectionsAsync() == 0, Patience, "the account is idle");
    }

    [Fact]
    public async Task It_is_lost_with_its_activation_and_its_locks_are_gone()
    {
        var account = await NewAsync();
        var id = await BeginAsync(account, 0);
        await QueryAsync(account, id, "LOCK TABLE item IN ACCESS EXCLUSIVE MODE", 0);
        var owner = Assert.Single(Cluster.Pools(account.Id)).Silo;

        await Cluster.MoveAsync(account, 1 - owner);

        // It would wait for the lock, and at last be cancelled.
        await account.DoneAsync("TRUNCATE item");
        Assert.Equal(1 - owner, Assert.Single(Cluster.Pools(account.Id)).Silo);
        Assert.Equal(ErrorCode.TransactionLost, (await QueryAsync(account, id, "SELECT 1", 0)).Refusal?.Code);
        Assert.Equal(ErrorCode.TransactionLost, (await EndAsync(account, id, TransactionOutcome.Committed, 1)).Refusal?.Code);
    }

    [Fact]
    public async Task A_silo_that_stops_lets_it_come_to_its_end_and_ends_one_that_outlasts_the_drain()
    {
        var account = await NewAsync();
        var (ending, outlasting) = (await BeginAsync(account, 0), await BeginAsync(account, 0));
        var owner = Assert.Single(Cluster.Pools(account.Id)).Silo;
        var other = 1 - owner;
        TestAccount.AssertDone(AnswerOf(await QueryAsync(account, ending, "INSERT INTO item VALUES (1)", other)));
        TestAccount.AssertDone(AnswerOf(await QueryAsync(account, outlasting, "INSERT INTO item VALUES (2)", other)));

        var stopping = Cluster.StopAsync(owner);
        for (var i = 0; i < 20; i++)
        {
            TestAccount.AssertDone(AnswerOf(await QueryAsync(account, ending, "INSERT INTO item VALUES (3)", other)));
            await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        }

        Assert.Equal(TransactionOutcome.Committed, (await EndAsync(account, ending, TransactionOutcome.Committed, other)).Outcome);
        Assert.False(stopping.IsCompleted);
        await stopping;

        Assert.Equal(ErrorCode.TransactionLost, (await EndAsync(account, outlasting, TransactionOutcome.Committed, 0)).Refusal?.Code);
        Assert.Equal("21", await account.ValueAsync("SELECT count(*) FROM item"));
    }

    private async Task<TestAccount> NewAsync()
    {
        var account = await TestAccount.CreateAsync(Cluster);
        await account.DoneAsync("CREATE TABLE item (id int)");
        return account;
    }

    private static async Task<TransactionId> BeginAsync(TestAccount account, int silo)
    {
        TransactionAnswer answer;
        do
        {
            answer = await account.Tenant(silo).BeginTransactionAsync(new TransactionStart(TenantPool.AnyVersion, default, false), CancellationToken.None);
        }
        while (answer.Kind == AnswerKind.Stale);

        return answer.Transaction ?? throw new InvalidOperationException($"{answer.Refusal}");
    }

    private static async Task<TransactionAnswer> QueryAsync(TestAccount account, TransactionId id, string sql, int silo)
    {
        TransactionAnswer answer;
        do
        {
            answer = await account.Tenant(silo).QueryInTransactionAsync(
                id, new QueryRequest(TenantPool.AnyVersion, new Statement(sql, []), QueryOptions.Default), CancellationToken.None);
        }
        while (answer.Kind == AnswerKind.Stale);

        return answer;
    }

    private static async Task<TransactionAnswer> EndAsync(TestAccount account, TransactionId id, TransactionOutcome outcome, int silo)
    {
        TransactionAnswer answer;
        do
        {
            answer = await account.Tenant(silo).EndTransactionAsync(id, new TransactionEnding(TenantPool.AnyVersion, outcome), CancellationToken.None);
        }
        while (answer.Kind == AnswerKind.Stale);

        return answer;
    }

    private static Answer AnswerOf(TransactionAnswer answer) => new() { Kind = answer.Kind, Body = answer.Body, Refusal = answer.Refusal };
}
